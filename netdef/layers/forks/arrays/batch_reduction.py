"""BatchReduction, of yjxiong's fork (Wang et al. 2016): the sum or mean over one axis, or over each of its parts."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_PARAM = "batch_reduction_param"


@register("BatchReduction")
class BatchReduction(Layer):
    """The axis ``reduction_param.axis`` becomes one number: SUM, MEAN, or TOPK, the mean of the ``k`` greatest.

    With several ``level``, or one that is not 1, it is cut into parts, the first of ``level^2`` entries and so on, and the
    top has one number for each. With ``pos`` the two axes from there on, of one size, give way to the entries on their
    diagonal. ``coeff`` has no effect, as in the fork.
    """

    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.batch_reduction_param, shapes[0]
        inside = param.reduction_param
        self.axis = canonical_axis(spec, inside.axis, len(shape), _PARAM, "reduction_param", "axis")
        self.operation: str = inside.ReductionOp.Name(inside.operation)
        if self.operation in ("ASUM", "SUMSQ"):
            raise spec.refuse(f"cannot reduce by {self.operation}; its operations are SUM, MEAN and TOPK", _PARAM,
                              "reduction_param", "operation")
        levels, self.diagonal = list(param.level) or [1], param.pos
        whole, size = levels == [1], shape[self.axis]
        self.parts = None if whole else [level**2 for level in levels]
        if self.parts is not None and sum(self.parts) != size:
            raise spec.refuse(f"has levels of {self.parts} entries, {sum(self.parts)} in all, on an axis of {size}", _PARAM,
                              "level")
        if self.diagonal and not (whole and self.operation != "TOPK" and shape[self.axis + 1 : self.axis + 2] == (size,)):
            raise spec.refuse(f"wants, with `pos`, one level, SUM or MEAN, and an axis behind that of {size} of the same "
                              f"size; the bottom has shape {shape}", _PARAM, "pos")
        if self.operation == "TOPK":
            self.k: int = inside.k
            check_positive(spec, self.k, _PARAM, "reduction_param", "k")
            if len(levels) > 1 or self.k > size:
                raise spec.refuse(f"wants, for TOPK, one level and a `k` of at most {size}, the size of its axis", _PARAM,
                                  "reduction_param", "k")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        shape = bottoms[0]
        kept = () if self.parts is None else (len(self.parts),)
        return [(*shape[: self.axis], *kept, *shape[self.axis + 1 + self.diagonal :])]

    def forward(self, x: Tensor) -> Tensor:
        if self.diagonal:
            x = x.diagonal(dim1=self.axis, dim2=self.axis + 1).movedim(-1, self.axis)
        if self.operation == "TOPK":
            return x.topk(self.k, self.axis).values.mean(self.axis, keepdim=self.parts is not None)
        reduce = torch.mean if self.operation == "MEAN" else torch.sum
        if self.parts is None:
            return reduce(x, self.axis)
        return torch.stack([reduce(part, self.axis) for part in x.split(self.parts, self.axis)], self.axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0] + (f".diagonal(dim1={self.axis}, dim2={self.axis + 1}).movedim(-1, {self.axis})" if self.diagonal else "")
        if self.operation == "TOPK":
            keep = ", keepdim=True" if self.parts else ""
            return TorchCode(f"{x}.topk({self.k}, {self.axis}).values.mean({self.axis}{keep})")
        reduce = f"{self.operation.lower()}({self.axis})"
        if self.parts is None:
            return TorchCode(f"{x}.{reduce}")
        return TorchCode(f"torch.stack([part.{reduce} for part in {x}.split({self.parts}, {self.axis})], {self.axis})")
