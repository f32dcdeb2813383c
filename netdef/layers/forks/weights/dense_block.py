"""DenseBlock: the layers of a block of DenseNet (Huang et al. 2017) as one. Of Tongcheng's fork and caffe_ocr (senlinuc)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_share
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "denseblock_param"
_EPS = 1e-5
_FIXED = {"pad_h": 1, "pad_w": 1, "conv_verticalStride": 1, "conv_horizentalStride": 1, "filter_H": 3, "filter_W": 3}
_NORM = "scale", "bias", "mean", "variance"


@register("DenseBlock")
class DenseBlock(Layer):
    """``numTransition`` times: normalise, ReLU, convolve 3 x 3 to ``growthRate`` channels, and append these to the bottom's.

    With ``use_BC`` each of them begins with normalise, ReLU and a 1 x 1 convolution to 4 ``growthRate`` channels. In TRAIN the
    batch's statistics normalise, ``moving_average_fraction`` of which goes into the blobs, the variance corrected by
    m / (m - 1), and with ``use_dropout`` the new channels are dropped out by ``dropout_amount``. As the fork computes on a
    GPU, and with the bottom's channels whatever ``initChannel`` is, as in caffe_ocr. Blobs, each for all times: the 3 x 3
    filters, scales, biases, means and variances; with ``use_BC`` the 1 x 1 filters and the same four after them; one number
    without a meaning.
    """

    maskable = ()

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.denseblock_param
        check_axes(spec, shapes, 4)
        for field in ("numTransition", "growthRate"):
            check_positive(spec, getattr(param, field), PARAM, field)
        for field, value in _FIXED.items():
            if getattr(param, field) != value:
                raise spec.refuse(f"has `{field}` {getattr(param, field)}; only {value} is implemented", PARAM, field)
        check_share(spec, param.dropout_amount, PARAM, "dropout_amount")
        self.count, self.growth, self.first = int(param.numTransition), int(param.growthRate), shapes[0][1]
        self.narrow: bool = param.use_BC
        self.dropped: float = param.dropout_amount if param.use_dropout else 0.0
        self.share: float = param.moving_average_fraction
        sizes = [self.first + i * self.growth for i in range(self.count)]
        wide = [4 * self.growth] * self.count
        self._add(spec, "", [(self.growth, inside, 3, 3) for inside in (wide if self.narrow else sizes)], sizes)
        if self.narrow:
            self._add(spec, "narrow_", [(4 * self.growth, inside, 1, 1) for inside in sizes], wide)
        self.add_blob("unused", (1,), learnable=False)

    def _add(self, spec: LayerDefinition, prefix: str, filters: list[tuple[int, ...]], sizes: list[int]) -> None:
        """Add the filters and what normalises so many channels."""
        for i, shape in enumerate(filters):
            self.add_blob(f"{prefix}filter{i}", shape, filler(spec, PARAM, "Filter_Filler", shape=shape))
        fills = filler(spec, PARAM, "BN_Scaler_Filler"), filler(spec, PARAM, "BN_Bias_Filler"), constant(0.0), constant(1.0)
        for name, fill in zip(_NORM, fills):
            for i, size in enumerate(sizes):
                self.add_blob(f"{prefix}{name}{i}", (1, size, 1, 1), fill, learnable=name in ("scale", "bias"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.first + self.count * self.growth, *bottoms[0][2:])]

    def forward(self, x: Tensor) -> Tensor:
        for i in range(self.count):
            part = x
            for prefix, pad in (("narrow_", 0), ("", 1)) if self.narrow else (("", 1),):
                norm = f"narrow_{{}}{i}" if self.narrow and pad else f"{{}}{i}"
                part = self._normalised(part, *(self.blob(norm.format(name)) for name in _NORM)).relu()
                part = F.conv2d(part, self.blob(f"{prefix}filter{i}"), padding=pad)
            if self.training and self.dropped:
                part = F.dropout(part, self.dropped)
            x = torch.cat((x, part), 1)
        return x

    def _normalised(self, x: Tensor, *norm: Tensor) -> Tensor:
        scale, bias, mean, variance = (blob.flatten() for blob in norm)
        if not self.training:
            return torch.batch_norm(x, scale, bias, mean, variance, False, 0.0, _EPS, False)
        of_batch = torch.zeros_like(mean), torch.zeros_like(variance)
        top = torch.batch_norm(x, scale, bias, *of_batch, True, 1.0, _EPS, False)
        with torch.no_grad():
            for blob, found in zip((mean, variance), of_batch):
                blob.lerp_(found, self.share)
        return top

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        n, _, height, width = tops[0]
        return n * height * width * sum(blob.numel() for name, blob in zip(self.blob_names, self.blobs) if "filter" in name)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, blobs = bottoms[0], {name: blob for name, blob in self.to_torch().items() if name != "unused"}
        layers = []
        for i in range(self.count):
            norms = ("", "narrow_") if self.narrow else ("",)
            filters = ("narrow_", "") if self.narrow else ("",)
            layers.append("[" + ", ".join(
                f"({me}_{of_filter}filter{i}, {', '.join(f'{me}_{of_norm}{name}{i}' for name in _NORM)})"
                for of_norm, of_filter in zip(norms, filters)) + "]")
        made = {f"_{name}": f"nn.Parameter(torch.zeros({tuple(blob.shape)}))" for name, blob in blobs.items()}
        state = {f"_{name}": {"": blob} for name, blob in blobs.items()}
        return TorchCode(f"dense_block({x}, [{', '.join(layers)}])", made, state, (dense_block,))


def dense_block(x: Tensor, layers: Sequence[Sequence[tuple[Tensor, Tensor, Tensor, Tensor, Tensor]]]) -> Tensor:
    """Append to ``x`` the channels of each layer: filters, and what normalises their input, one after the other."""
    for steps in layers:
        part = x
        for weight, scale, bias, mean, variance in steps:
            part = F.batch_norm(part, mean.flatten(), variance.flatten(), scale.flatten(), bias.flatten(), eps=1e-5).relu()
            part = F.conv2d(part, weight, padding=weight.shape[2] // 2)
        x = torch.cat((x, part), 1)
    return x
