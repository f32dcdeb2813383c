"""BN and SyncBN: batch normalisation with its affine part in one layer, in the versions of three forks."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, distributed
from torch.distributed.nn.functional import all_reduce

from netdef.definition.definitions import LayerDefinition
from netdef.layers.batch_norm import LEAST_EPS
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable, arguments, number

PARAM = "bn_param"
_THEIRS = ("slope_filler", "momentum", "frozen")
_SEGNETS = ("scale_filler", "shift_filler", "bn_mode")
_MOVING = ("var_eps", "moving_average", "decay")
_SEGNET_EPS = 1e-9


@register("BN")
class BN(Layer):
    """``slope * (x - mean) / sqrt(variance + eps) + bias`` for each channel, axis 1. The fields tell the forks apart.

    yjxiong's (TSN, PSPNet; ``slope_filler``, ``momentum``, ``frozen``): blobs slope, bias, running mean and running
    variance, each (1, channels, 1, 1). In TEST and when ``frozen`` the running ones are used, which keep ``momentum``
    of themselves in each TRAIN pass; ``frozen`` learns nothing.
    lxx1991's has ``moving_average`` beside ``slope_filler``, which its BN does not read; ``momentum`` is 0.95 by default there.
    In Synopsys' fork ``icnet`` says whether it is this one or SegNet's. GENet's CuDNNBatchNorm is read as it; there the running
    variance begins at 0.
    SegNet's (``scale_filler``, ``shift_filler``, ``bn_mode``): blobs slope and bias, (1, channels, 1, 1). INFERENCE
    computes ``slope * x + bias``; LEARN uses the batch's mean and variance in both phases, and gives them as the second and
    third top, (1, channels, 1, 1), if they are asked for, without a gradient.
    CTPN's (``moving_average``, ``decay``, ``var_eps``, and the fillers of SegNet's): blobs as yjxiong's. Each TRAIN pass brings
    the part ``decay`` of the batch's mean and variance into the running ones, which TEST uses with ``moving_average``.
    GuanshuoXu's BNConv is read as it, with ``moving_average`` and a ``decay`` of 0.95; there the running variance begins at 0.
    """

    n_tops = between(1, 3)
    family = "norm"
    torch_names = MappingProxyType({"slope": "weight", "mean": "running_mean", "variance": "running_var"})
    mean: Tensor
    variance: Tensor
    is_yjxiongs: ClassVar[bool] = False
    first_variance: ClassVar[float] = 1.0
    frozen: bool

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.bn_param
        theirs, moving, segnets = ([name for name in names if param.HasField(name)] for names in (_THEIRS, _MOVING, _SEGNETS))
        of_lxx = moving == ["moving_average"] and ("slope_filler" in theirs or self.is_yjxiongs) and not segnets
        if of_lxx:
            moving = []
        segnets += moving
        if self.is_yjxiongs and not segnets:
            theirs.append("type")
        if param.HasField("icnet"):
            (theirs if param.icnet else segnets).append("icnet")
        if bool(theirs) == bool(segnets):
            found = f"gives both `{theirs[0]}` and `{segnets[0]}`" if theirs else "does not say which"
            raise spec.refuse(
                f'is of two forks that disagree, and {found}: write `slope_filler {{ type: "constant" value: 1 }}` for '
                "yjxiong's (TSN, PSPNet; blobs slope, bias, mean, variance), `bn_mode: INFERENCE` or `LEARN` for "
                "SegNet's (blobs scale, shift)",
                *([PARAM] if spec.message.HasField(PARAM) else ["type"]),
            )
        if segnets and not moving and len(spec.message.param) == 4:
            raise spec.refuse("has 4 `param`, for running statistics too, as CTPN's and happynear's, whose defaults differ; give "
                              "`moving_average` and `decay` (CTPN's: false, 0.05; happynear's: true, 0.95)", PARAM)
        check_least_axes(spec, shapes, 2)
        shape = (1, shapes[0][1], 1, 1)
        self.segnet, self.moving = bool(segnets) and not moving, bool(moving)
        names = ("scale_filler", "shift_filler") if segnets else ("slope_filler", "bias_filler")
        self.frozen = param.frozen and not self.is_yjxiongs
        learnable = not (self.frozen and theirs)
        for blob, name, usual in zip(("slope", "bias"), names, (1.0, 0.0)):
            self.add_blob(blob, shape, filler(spec, PARAM, name, default=usual), learnable=learnable)
        if not self.segnet:
            self.add_blob("mean", shape, learnable=False)
            self.add_blob("variance", shape, constant(self.first_variance), learnable=False)
        self.tops = len(spec.tops)
        if self.tops > 1 and (not self.segnet or param.bn_mode == param.INFERENCE):
            raise spec.refuse(f"has {self.tops} tops; only `bn_mode: LEARN` gives the batch's mean and variance", "top", 1)
        self.folded = self.segnet and param.bn_mode == param.INFERENCE
        self.momentum: float = 1 - param.decay if moving else param.momentum
        if of_lxx and not param.HasField("momentum"):
            self.momentum = 0.95
        self.eps: float = _SEGNET_EPS if self.segnet else (param.var_eps if moving else param.eps) or LEAST_EPS
        self.of_batch = self.segnet or (self.moving and not param.moving_average)  # in TEST
        if moving and spec.phase == "TRAIN" and not param.HasField("decay"):
            raise spec.refuse("has no `decay`, which is 0.05 in one fork and 0.95 in another unless it is given", PARAM)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0], *[(1, bottoms[0][1], 1, 1)] * (self.tops - 1)]

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        if self.tops == 1:
            return self._normalised(x)
        with torch.no_grad():
            variance, mean = torch.var_mean(x.transpose(0, 1).flatten(1), 1, correction=0)
        return self._normalised(x), *(value.reshape(1, -1, 1, 1) for value in (mean, variance)[: self.tops - 1])

    def _normalised(self, x: Tensor) -> Tensor:
        slope, bias = self.blob("slope").flatten(), self.blob("bias").flatten()
        if self.folded:
            spread = (-1, *[1] * (x.ndim - 2))
            return x * slope.reshape(spread) + bias.reshape(spread)
        if self.moving and self.training:
            return self._moved(x, slope, bias)
        if self.of_batch:
            # In order NCHW: on the CPU torch (2.13) sums up to 1e-4 off in NHWC, which changes places of pooling after it.
            return F.batch_norm(x.contiguous(), None, None, slope, bias, training=True, eps=self.eps)
        if self.frozen or not self.training:
            return F.batch_norm(x, self.mean.flatten(), self.variance.flatten(), slope, bias, eps=self.eps)
        # Copies: autograd keeps what it is given, and the blobs change before backward.
        mean, variance = self.mean.flatten().clone(), self.variance.flatten().clone()
        top = self._trained(x, mean, variance, slope, bias)
        self.mean.copy_(mean.reshape(self.mean.shape))
        self.variance.copy_(variance.reshape(self.variance.shape))
        return top

    def _trained(self, x: Tensor, mean: Tensor, variance: Tensor, slope: Tensor, bias: Tensor) -> Tensor:
        """The top in training; it moves the running mean and variance in place."""
        return F.batch_norm(x, mean, variance, slope, bias, training=True, momentum=1 - self.momentum, eps=self.eps)

    def _moved(self, x: Tensor, slope: Tensor, bias: Tensor) -> Tensor:
        """The top by the batch's statistics, a part of which goes into the running ones; the variance is over all N."""
        with torch.no_grad():
            variance, mean = torch.var_mean(x.transpose(0, 1).flatten(1), 1, correction=0)
            self.mean.lerp_(mean.reshape(self.mean.shape), 1 - self.momentum)
            self.variance.lerp_(variance.reshape(self.variance.shape), 1 - self.momentum)
        return F.batch_norm(x, None, None, slope, bias, training=True, eps=self.eps)

    def to_torch(self) -> dict[str, Tensor]:
        return {name: value.flatten() for name, value in super().to_torch().items()}

    def channel_affine(self) -> tuple[Tensor, Tensor] | None:
        slope, bias = self.blob("slope").flatten().double(), self.blob("bias").flatten().double()
        if self.folded:
            return slope, bias
        if self.of_batch:  # the batch's own mean and variance
            return None
        factor = slope / (self.variance.flatten().double() + self.eps).sqrt()
        return factor, bias - self.mean.flatten().double() * factor

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.tops > 1:
            raise NotWritable("gives the statistics of the batch as tops")
        if self.moving and self.of_batch:
            raise NotWritable("keeps running statistics that it does not use")
        state, axes = self.to_torch(), len(bottoms[0].shape) - 2
        if self.folded:
            return TorchCode.of_affine(me, bottoms[0], {"scale": state["weight"], "bias": state["bias"]}, (1,) * axes)
        made = arguments(len(state["weight"]), eps=(number(self.eps), "1e-05"), track_running_stats=(not self.of_batch, True))
        return TorchCode.of_member(f"{me}({bottoms[0]})", f"nn.BatchNorm{max(axes, 1)}d({made})", state)


@register("SyncBN")
class SyncBN(BN):
    """`BN` of yjxiong's fork with the mean and variance of the batches of all processes that train together.

    The running variance begins at 0 and takes in the variance over all N; ``frozen`` does nothing. As for BN ``moving_average``
    says that the layer is lxx1991's.
    """

    n_tops = exactly(1)
    needs_float32 = True  # squares overflow float16
    is_yjxiongs = True
    first_variance = 0.0

    def _trained(self, x: Tensor, mean: Tensor, variance: Tensor, slope: Tensor, bias: Tensor) -> Tensor:
        batch_variance, batch_mean = torch.var_mean(x.transpose(0, 1).flatten(1), 1, correction=0)
        if distributed.is_available() and distributed.is_initialized():
            moments = torch.stack([batch_mean, batch_variance + batch_mean.square()])
            batch_mean, squares = (all_reduce(moments) / distributed.get_world_size()).unbind()
            batch_variance = squares - batch_mean.square()
        with torch.no_grad():
            mean.lerp_(batch_mean, 1 - self.momentum)
            variance.lerp_(batch_variance, 1 - self.momentum)
        spread = (-1, *[1] * (x.ndim - 2))
        factor = slope / (batch_variance + self.eps).sqrt()
        return (x - batch_mean.reshape(spread)) * factor.reshape(spread) + bias.reshape(spread)
