"""BatchNorm: shift and scale each channel to mean 0 and variance 1; the affine part is a Scale layer of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_least_axes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable, arguments, number

PARAM = "batch_norm_param"
_ONE = torch.ones(())
LEAST_EPS = math.ulp(0.0)
"""Stands for an eps of 0, which some versions of torch refuse; in single precision it is 0."""


@register("BatchNorm")
class BatchNorm(Layer):
    """Normalise over all axes but axis 1 (over everything, for a bottom with a single axis).

    Blobs, none of them learnable: ``mean_sum`` and ``variance_sum`` (channels,), and ``factor`` (1,) that both must be
    divided by; a factor of 0 stands for mean 0 and variance 0. With ``use_global_stats`` (default: in TEST) these are
    used. Otherwise the batch's own statistics are, and every forward pass adds them to the blobs, TEST included, after
    multiplying those by ``moving_average_fraction``. The variance added is corrected by m / (m - 1), the one used not.

    With ``scale_bias``, from NVIDIA's fork, blobs 3 and 4 are a ``scale`` and a ``bias`` for each channel. A ``scale_filler``
    or ``bias_filler`` implies ``scale_bias``, as in that fork.
    With ``stats_batch_size``, from intel's fork, each part of a batch of that many images has statistics of its own, which
    are added one after the other; the batch must be a multiple of it.
    With ``add_eps_before_sqrt: false``, from Synopsys' fork, eps is added to the deviation, not to the variance.
    """

    keeps_shape = True
    fresh_output = True
    family = "norm"
    torch_names = MappingProxyType({"mean_sum": "running_mean", "variance_sum": "running_var", "scale": "weight"})
    always_affine = False
    mean_sum: Tensor
    variance_sum: Tensor
    factor: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.batch_norm_param
        check_least_axes(spec, shapes, 1)
        check_at_least(spec, param.eps, 0, PARAM, "eps")
        self.single_axis = len(shapes[0]) == 1
        self.channels = 1 if len(shapes[0]) < 2 else shapes[0][1]
        self.fraction: float = param.moving_average_fraction
        self.eps: float = param.eps or LEAST_EPS
        self.eps_on_deviation: bool = not param.add_eps_before_sqrt
        self.eps_of_variance = LEAST_EPS if self.eps_on_deviation else self.eps  # what is added to that of `statistics`
        self.use_global_stats: bool | None = param.use_global_stats if param.HasField("use_global_stats") else None
        self.together: int = param.stats_batch_size
        self._check_together(spec, shapes[0])
        self.add_blob("mean_sum", (self.channels,), learnable=False)
        self.add_blob("variance_sum", (self.channels,), learnable=False)
        self.add_blob("factor", (1,), learnable=False)
        told = param.scale_bias or param.HasField("scale_filler") or param.HasField("bias_filler")
        self.affine: bool = self.always_affine or told
        if self.affine:
            self.add_blob("scale", (self.channels,), filler(spec, PARAM, "scale_filler", default=1.0))
            self.add_blob("bias", (self.channels,), filler(spec, PARAM, "bias_filler"))
        self._kept: tuple[Tensor, Tensor, Tensor, tuple[int, int, int], tuple[Tensor, Tensor]] | None = None
        self.normalises_channels = not self.affine and not self.single_axis

    def _check_together(self, spec: LayerDefinition, shape: Shape) -> None:
        """Refuse a batch of this shape that is no multiple of ``stats_batch_size``."""
        own = self.use_global_stats is False or (self.use_global_stats is None and spec.phase == "TRAIN")
        if self.together and own and shape[0] % self.together:
            raise spec.refuse(f"has a `stats_batch_size` of {self.together}, of which a batch of {shape[0]} is no multiple",
                              PARAM, "stats_batch_size")

    def forward(self, x: Tensor) -> Tensor:
        """The normalised bottom, of its shape."""
        scale, bias = self.optional_blob("scale"), self.optional_blob("bias")
        if self.single_axis:
            return self.normalise(x.unsqueeze(1), scale, bias).squeeze(1)
        return self.normalise(x, scale, bias)

    def normalise(self, x: Tensor, scale: Tensor | None, bias: Tensor | None) -> Tensor:
        if (self.use_global_stats is None and not self.training) or self.use_global_stats:
            mean, variance = self.statistics()
            cudnn = x.is_cuda and torch.backends.cudnn.enabled
            return torch.batch_norm(x, scale, bias, mean, variance, False, 0.0, self.eps_of_variance, cudnn)
        if self.together and not self.single_axis:
            return torch.cat([self._normalise_by_own(part, scale, bias) for part in x.split(self.together)])
        return self._normalise_by_own(x, scale, bias)

    def _normalise_by_own(self, x: Tensor, scale: Tensor | None, bias: Tensor | None) -> Tensor:
        """The top by the statistics of the bottom, which are added to the blobs."""
        # With momentum 1 torch leaves the batch's statistics in the tensors it is given. They must not be the blobs:
        # autograd keeps what it is given, and the blobs change before backward.
        blobs = self._statistic_blobs()
        mean, variance = torch.zeros_like(blobs[0]), torch.zeros_like(blobs[0])
        if self.eps_on_deviation:
            top, mean, variance = self._by_deviation(x, scale, bias)
        elif x.numel() > self.channels:
            cudnn = x.is_cuda and torch.backends.cudnn.enabled
            top = torch.batch_norm(x, scale, bias, mean, variance, True, 1.0, self.eps, cudnn)
        else:  # one value a channel is its own mean, with variance 0; torch refuses it
            mean = x.detach().reshape(self.channels)
            top = x - x
            if scale is not None:
                top = F.batch_norm(top, torch.zeros_like(mean), torch.ones_like(mean), scale, bias, eps=LEAST_EPS)
        for blob, found in zip(blobs, (mean, variance, _ONE)):
            torch.add(found, blob, alpha=self.fraction, out=blob)
        return top

    def _by_deviation(self, x: Tensor, scale: Tensor | None, bias: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """The top with eps on the deviation, and the batch's mean and corrected variance."""
        count = x.shape[0] * math.prod(x.shape[2:])
        columns = x.movedim(1, -1).reshape(count, self.channels)
        mean = columns.mean(0)
        # By way of the norm, whose gradient at 0 is 0; that of a square root would be infinite.
        norm = torch.linalg.vector_norm(columns - mean, dim=0)
        factor = 1 / (norm / math.sqrt(count) + self.eps)
        shape = (-1, *[1] * (x.ndim - 2))
        top = (x - mean.reshape(shape)) * factor.reshape(shape)
        if scale is not None:
            top = top * scale.reshape(shape)
        if bias is not None:
            top = top + bias.reshape(shape)
        return top, mean.detach(), norm.detach().square() / max(count - 1, 1)

    def statistics(self) -> tuple[Tensor, Tensor]:
        """The mean and the variance stored in the blobs; the variance includes an eps on the deviation.

        Kept until a blob is replaced or written to. Torch counts writes to a tensor, but not those through its ``data`` or
        a numpy array: call `torch.autograd.graph.increment_version` after such a write.
        """
        if torch.compiler.is_compiling() or self.factor.is_inference():
            return self._statistics()
        mean, variance, factor = self._statistic_blobs()
        versions = mean._version, variance._version, factor._version
        kept = self._kept
        if kept is None or kept[0] is not mean or kept[1] is not variance or kept[2] is not factor or kept[3] != versions:
            with torch.inference_mode(False), torch.no_grad():
                self._kept = kept = mean, variance, factor, versions, self._statistics()
        return kept[4]

    def _statistic_blobs(self) -> tuple[Tensor, Tensor, Tensor]:
        blobs = cast("dict[str, Tensor]", self._buffers)  # quicker than by torch's __getattr__
        return blobs["mean_sum"], blobs["variance_sum"], blobs["factor"]

    def _statistics(self) -> tuple[Tensor, Tensor]:
        share = self.factor.reciprocal().nan_to_num(posinf=0.0)  # a factor of 0 means 0
        variance = self.variance_sum * share
        return self.mean_sum * share, (variance.sqrt() + self.eps).square() if self.eps_on_deviation else variance

    def to_torch(self) -> dict[str, Tensor]:
        tensors = super().to_torch()
        del tensors["factor"]
        tensors["running_mean"], tensors["running_var"] = self.statistics()
        return tensors

    def from_torch(self, tensors: Mapping[str, Tensor]) -> list[Tensor]:
        tensors = {**tensors, "factor": torch.ones(1)}
        if self.eps_on_deviation:
            tensors["running_var"] = (tensors["running_var"].sqrt() - self.eps).clamp(min=0).square()
        return super().from_torch(tensors)

    def channel_affine(self) -> tuple[Tensor, Tensor] | None:
        if self.use_global_stats is False or self.single_axis:
            return None
        share = self.factor.double().reciprocal().nan_to_num(posinf=0.0)
        mean, variance = self.mean_sum * share, self.variance_sum * share
        scale, bias = torch.ones_like(mean), torch.zeros_like(mean)
        if self.affine:
            scale, bias = self.blob("scale"), self.blob("bias")
        deviation = variance.sqrt() + self.eps if self.eps_on_deviation else (variance + self.eps).sqrt()
        factor = scale / deviation
        return factor, bias - mean * factor

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.single_axis:
            raise NotWritable("normalises a bottom of one axis")
        return self.torch_code_with({}, me, bottoms)

    def torch_code_with(self, affine: Mapping[str, Tensor], me: str, bottoms: Sequence[Variable]) -> TorchCode:
        """The source of this layer and of the Scale after it, whose ``weight`` and ``bias`` are given, as one module."""
        tensors = {**self.to_torch(), **affine}
        if "weight" in tensors:
            tensors.setdefault("bias", torch.zeros_like(tensors["weight"]))
        fixed = self.use_global_stats is not False
        names = ("weight", "bias", *(("running_mean", "running_var") if fixed else ()))  # in torch's order
        state = {name: tensors[name] for name in names if name in tensors}
        if self.eps_on_deviation and not fixed:
            raise NotWritable("adds eps to the deviation of each batch")
        made = arguments(self.channels, eps=(number(self.eps_of_variance), "1e-05"), affine=("weight" in state, True),
                         track_running_stats=(fixed, True))
        axes = max(len(bottoms[0].shape) - 2, 1)
        return TorchCode.of_member(f"{me}({bottoms[0]})", f"nn.BatchNorm{axes}d({made})", state)


@register("BatchNormScale")
class BatchNormScale(BatchNorm):
    """BatchNorm with ``scale_bias``, of yuqj1991's caffe_train: its result on a GPU; on a CPU that fork scales its bottom."""

    always_affine = True
