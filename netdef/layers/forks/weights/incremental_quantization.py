"""INQConvolution and INQInnerProduct: weights that become powers of two, part by part. Zhou et al. 2017, in 32l's fork."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import Convolution
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_positive
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.core.weighted import WeightedLayer
from netdef.layers.inner_product import InnerProduct


class _Incremental(WeightedLayer):
    """The base: a layer with a mask blob for its weight and its bias, 0 where a number is quantised and does not learn.

    The first pass of a training quantises the largest of the numbers that still learn, such that ``portion[1]`` of all are
    quantised, where ``portion[0]`` were before. A number becomes ``2^floor(log2(4 |w| / 3))`` with its sign, or 0 where that is
    less than ``num_quantum_values`` powers below the greatest. Snapshots keep whether it was done.
    """

    pruned_by_default = False
    param: str
    done: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = getattr(spec.message, self.param)
        check_positive(spec, param.num_quantum_values, self.param, "num_quantum_values")
        if len(param.portion) != 2 or not 0 <= param.portion[0] <= param.portion[1] <= 1 or param.portion[0] == 1:
            raise spec.refuse(f"has `portion` {list(param.portion)}; it wants two from 0 to 1, the lesser first, and below 1",
                              self.param)
        self.before, self.after = param.portion
        self.powers: int = param.num_quantum_values
        self.masked = [name for name in ("weight", "bias") if name in self.blob_names]
        for name in self.masked:
            shape, field = tuple(getattr(self, name).shape), "weight_mask_filler" if name == "weight" else "bias_mask_filler"
            self.add_blob(f"{name}_mask", shape, filler(spec, self.param, field, shape=shape), learnable=False)
        self.add_constant("done", (1, 1), constant(0.0))
        self.carried = ("done",)
        self.depends_on_data = spec.phase == "TRAIN"  # the first pass looks at the weights

    def prepare(self) -> None:
        """Quantise in the first pass of a training; take back what decay has done to quantised numbers."""
        with torch.no_grad():
            for name in self.masked:
                values, mask = getattr(self, name), getattr(self, f"{name}_mask")
                if not bool(self.done):
                    chosen, lowest = self._chosen(values, mask)
                    found = powers_of_two(values)
                    values.copy_(torch.where(chosen, found.where(found.abs() >= 2.0**lowest, 0), values))
                    mask.masked_fill_(chosen, 0)
                values.copy_(values.where(mask == 1, powers_of_two(values)))
        self.done = torch.ones_like(self.done)

    def _chosen(self, values: Tensor, mask: Tensor) -> tuple[Tensor, int]:
        """The numbers to quantise, and the least exponent of two."""
        learning, sizes = mask == 1, values.abs()
        count = int(learning.sum())
        rest = _rounded(_rounded(count / (1 - self.before)) * (1 - self.after))
        if not self.after or count <= rest:
            return torch.zeros_like(learning), 0
        quantized = float(sizes.masked_fill(learning, 0).max())
        largest = float(sizes.masked_fill(~learning, 0).max())
        top = _rounded(math.log2(quantized)) if quantized > 1e-7 else math.floor(math.log2(max(4 * largest / 3, 1e-38)))
        least = sizes[learning].sort().values[rest]
        return learning & (sizes >= least), top - self.powers + 1

    def used(self, name: str, values: Tensor) -> Tensor:
        """A blob as a pass computes with it: no gradient where it is quantised."""
        return torch.where(getattr(self, f"{name}_mask") == 1, values, powers_of_two(values.detach()))

    def forward(self, *bottoms: Tensor) -> Any:  # what the layer's other base returns
        if self.training and not bottoms[0].is_meta:
            self.prepare()
        return super().forward(*bottoms)

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        return super().compute(x, self.used("weight", weight), None if bias is None else self.used("bias", bias))

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        """The layer's source with the weights that it computes with, and no masks."""
        code = super().torch_code(me, bottoms)
        own = {name: x for name, x in code.state[""].items() if not name.endswith("_mask")}
        return replace(code, state={"": own | {name: self.used(name, own[name]) for name in self.masked}})


def powers_of_two(values: Tensor) -> Tensor:
    """``2^floor(log2(4 |v| / 3))`` with the sign of v, 0 for 0."""
    return values.sign() * torch.exp2((values.abs() * 4 / 3).log2().floor())


def _rounded(x: float) -> int:
    return math.floor(x + 0.5)


@register("INQConvolution")
class INQConvolution(_Incremental, Convolution):
    """Convolution with `_Incremental`; blobs: weight, bias, weight_mask, bias_mask, or weight, weight_mask."""

    param = "inq_convolution_param"


@register("INQInnerProduct")
class INQInnerProduct(_Incremental, InnerProduct):
    """InnerProduct with `_Incremental`; blobs as of `INQConvolution`."""

    n_bottoms = exactly(1)
    param = "inq_inner_product_param"
