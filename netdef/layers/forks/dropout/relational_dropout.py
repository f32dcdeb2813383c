"""RNDropout: relational dropout, some of several blobs set to 0. Of 3D_HPE_RN (Park and Kwak 2018, sungheonpark)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "rn_dropout_param"


@register("RNDropout")
class RNDropout(Layer):
    """n blobs of one shape, a top for each, of which each item loses ``num_drop_blobs``; the others are scaled up to make up.

    ``drop_seqs`` has combinations of so many numbers of blobs, counted from 0, one after the other. In training an item loses
    one of these, drawn, with probability ``drop_prob / 10``, and what is left is multiplied by ``n / (n - num_drop_blobs)``. In
    TEST every item loses the first combination, or nothing where the text gives none.
    """

    n_bottoms = n_tops = at_least(1)
    equal_bottoms_tops = keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)
        param, blobs = spec.message.rn_dropout_param, len(shapes)
        count, given = param.num_drop_blobs, list(param.drop_seqs)
        if count >= blobs:
            raise spec.refuse(f"has `num_drop_blobs` {count}; it must be less than its {blobs} bottoms", PARAM, "num_drop_blobs")
        if given and (not count or len(given) % count or max(given) >= blobs):
            raise spec.refuse(f"has {len(given)} numbers in `drop_seqs`; it wants `num_drop_blobs`, {count}, for each "
                              f"combination, from 0 to {blobs - 1}", PARAM, "drop_seqs")
        self.share: int = param.drop_prob
        if spec.phase == "TRAIN" and self.share and not given:
            raise spec.refuse("needs `drop_seqs` to draw from, or a `drop_prob` of 0", *([PARAM] if count else ["type"]))
        dropped = [set(given[first : first + count]) for first in range(0, len(given), count or 1)]
        scale = blobs / (blobs - count)
        self.factors = [[0.0 if blob in blobs_of else scale for blob in range(blobs)] for blobs_of in dropped]

    def forward(self, *x: Tensor) -> Tensor | tuple[Tensor, ...]:
        if not self.factors or (self.training and not self.share):
            return x if len(x) > 1 else x[0]
        if not self.training:
            return tuple(value * factor for value, factor in zip(x, self.factors[0], strict=True))
        items, device = len(x[0]), x[0].device
        chosen = torch.tensor(self.factors, device=device)[torch.randint(len(self.factors), (items,), device=device)]
        loses = torch.randint(10, (items, 1), device=device) < self.share
        factors = torch.where(loses, chosen, 1).to(x[0].dtype).reshape(items, len(x), *(1 for _ in x[0].shape[1:]))
        return tuple(value * factors[:, index] for index, value in enumerate(x))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if not self.factors:
            return TorchCode(", ".join(map(str, bottoms)))
        return TorchCode(", ".join(f"{x} * {number(factor)}" for x, factor in zip(bottoms, self.factors[0], strict=True)))
