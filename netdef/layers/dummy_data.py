"""DummyData: blobs made by fillers. RandVec, from forks for generative nets: uniform numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import Fill, constant, fill_of
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape, read_shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable

_T = TypeVar("_T")
_LEGACY_DIMS = ("num", "channels", "height", "width")


@register("DummyData")
class DummyData(Layer):
    """Tops made by fillers: constants and places (``xy``) once, random numbers anew in every forward pass.

    Random tops draw from torch's default generator. One shape and one filler serve all tops; otherwise each top has its
    own. Without a filler the tops hold zeros.
    """

    n_bottoms = exactly(0)
    n_tops = at_least(1)
    makes_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.refills: list[Fill | None] = []
        tops = _top_shapes(spec)
        for i, (shape, (fill, random)) in enumerate(zip(tops, _top_fills(spec, tops))):
            self.add_constant(f"top{i}", shape, constant(0.0) if random else fill)
            self.refills.append(fill if random else None)

    def forward(self) -> tuple[Tensor, ...]:
        tops = []
        for i, refill in enumerate(self.refills):
            top = self.get_buffer(f"top{i}")
            if refill is not None and not top.is_meta:
                top = torch.empty_like(top)  # not over the last one, whose gradient may still be computed
                refill(top)
            tops.append(top)
        return tuple(tops)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if any(self.refills):
            raise NotWritable("draws random numbers")
        tops = {f"_{i}": self.get_buffer(f"top{i}") for i in range(len(self.refills))}
        made = {suffix: f"nn.Buffer(torch.zeros({tuple(top.shape)}))" for suffix, top in tops.items()}
        return TorchCode(", ".join(f"{me}{suffix}" for suffix in tops), made, {k: {"": top} for k, top in tops.items()})


@register("RandVec")
class RandVec(Layer):
    """(batch_size, dim), with a height and a width four axes: uniform from ``lower`` to ``upper``, anew in every pass.

    They are drawn from torch's default generator. ``repeat``, the same numbers for several passes, is refused: a pass
    knows nothing of the one before.
    """

    n_bottoms = exactly(0)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.randvec_param
        if param.repeat > 1:
            raise spec.refuse(f"wants the same numbers for {param.repeat} passes, which is not implemented",
                              "randvec_param", "repeat")
        if not param.lower < param.upper:
            raise spec.refuse(f"has `lower` {param.lower:g}, which is not below its `upper` {param.upper:g}",
                              "randvec_param", "lower")
        plane = (param.height, param.width) if param.height and param.width else ()
        shape = check_shape(spec, (param.batch_size, param.dim, *plane), "randvec_param")
        if 0 in shape:
            raise spec.refuse(f"makes a blob of shape {shape}; give `batch_size` and `dim`", "randvec_param")
        self.lower, self.upper = param.lower, param.upper
        self.add_constant("template", shape, constant(0.0))

    def forward(self) -> Tensor:
        top = torch.empty_like(self.get_buffer("template"))
        return top if top.is_meta else top.uniform_(self.lower, self.upper)


def _top_shapes(spec: LayerDefinition) -> list[Shape]:
    param = spec.message.dummy_data_param
    dims = {name: getattr(param, name) for name in _LEGACY_DIMS}
    if not any(dims.values()):
        shapes = [read_shape(spec, shape, "dummy_data_param", "shape", i) for i, shape in enumerate(param.shape)]
        return _one_a_top(spec, shapes, "shape")
    if param.shape:
        raise spec.refuse("has both `shape` and the old `num`, `channels`, `height`, `width`; keep `shape`",
                          "dummy_data_param", "shape")
    columns = [_one_a_top(spec, list(sizes), name) for name, sizes in dims.items()]
    return [check_shape(spec, sizes, "dummy_data_param") for sizes in zip(*columns)]


def _top_fills(spec: LayerDefinition, shapes: Sequence[Shape]) -> list[tuple[Fill, bool]]:
    """The fill of each top, and whether it is random."""
    fills = [
        (fill_of(message, spec, "dummy_data_param", "data_filler", i, shape=shapes[i % len(shapes)]),
         message.type not in ("constant", "xy"))
        for i, message in enumerate(spec.message.dummy_data_param.data_filler)
    ]
    return _one_a_top(spec, fills or [(constant(0.0), False)], "data_filler")


def _one_a_top(spec: LayerDefinition, given: list[_T], field: str) -> list[_T]:
    """One element for each top: the given ones, or a single one repeated."""
    count = len(spec.tops)
    if len(given) not in (1, count):
        raise spec.refuse(f"has {count} tops and {len(given)} `{field}`; it wants one for all tops, or one each",
                          "dummy_data_param", field)
    return given * count if len(given) == 1 else given
