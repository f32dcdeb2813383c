"""ONNX operators for functions of layers that torch cannot export.

Such functions have loops that depend on the values of tensors. A layer names the attributes that hold them in
`Layer.onnx_functions`. For an export each is replaced by an opaque operator of torch, which the exporter translates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from netdef.graph.net import Net
from netdef.layers.detection.boxes import survivors
from netdef.layers.detection.regions.roi_pooling import max_of_regions

Translation = Callable[..., object]
"""Makes the ONNX operators of a function from its arguments: values of the graph, and numbers."""


class _Operator(NamedTuple):
    """``empty(*arguments)`` is a tensor of the function's type and shape."""

    empty: Callable[..., Tensor]
    translation: Translation


@contextmanager
def opaque_functions(net: Net) -> Iterator[dict[Callable[..., object], Translation]]:
    """Replace the `Layer.onnx_functions` of a net by operators of torch; the exporter's table of their translations."""
    replaced = [(layer, name, getattr(layer, name)) for layer in net.layers.values() for name in layer.onnx_functions]
    operators = {function: _opaque(function) for _, _, function in replaced}
    for layer, name, function in replaced:
        setattr(layer, name, operators[function])
    try:
        table: dict[Callable[..., object], Translation] = {torch.ops.aten.sort.stable: _sorted_in_onnx}
        yield table | {operator.default: _OPERATORS[function].translation for function, operator in operators.items()}
    finally:
        for layer, name, function in replaced:
            setattr(layer, name, function)


@cache
def _opaque(function: Callable[..., Tensor]) -> torch._ops.OpOverloadPacket:
    """The operator ``torch.ops.netdef.<name>`` that calls a function."""
    made = torch.library.custom_op(f"netdef::{function.__name__}", function, mutates_args=())
    made.register_fake(_OPERATORS[function].empty)
    return getattr(torch.ops.netdef, function.__name__)


def _opset() -> Any:  # its functions are typed for numbers, and take the values of a graph, too
    from onnxscript import opset18

    return opset18


def _sorted_in_onnx(x: object, stable: bool, dim: int = -1, descending: bool = False) -> object:
    """TopK of all values, which is stable; torch's exporter has none for stable sorting."""
    op = _opset()

    count = op.Gather(op.Shape(x), op.Constant(value_ints=[dim]), axis=0)
    return op.TopK(x, count, axis=dim, largest=int(descending), sorted=1)


def _empty_survivors(boxes: Tensor, scores: Tensor, *settings: float) -> Tensor:
    return torch.empty_like(scores, dtype=torch.bool)


def _survivors_in_onnx(
    boxes: object, scores: object, threshold: float, least: float, eta: float = 1.0, count: int = 2**31 - 1
) -> object:
    """Marks at the places that NonMaxSuppression chooses. ``eta`` is not read."""
    op = _opset()

    low, high = op.Split(boxes, axis=2, num_outputs=2)
    ordered = op.Concat(low, op.Max(low, high), axis=2)  # inverted boxes are empty here, the operator swaps their corners
    chosen = op.NonMaxSuppression(
        ordered, op.Unsqueeze(scores, op.Constant(value_ints=[1])), op.Constant(value_ints=[count]),
        op.Constant(value_floats=[min(threshold, 1.0)]), op.Constant(value_floats=[least]))  # row, 0, place of each
    places = op.Gather(chosen, op.Constant(value_ints=[0, 2]), axis=1)
    marks = op.Expand(op.Constant(value_ints=[1]), op.Shape(chosen, start=0, end=1))
    none = op.Expand(op.Constant(value_ints=[0]), op.Shape(scores))
    return op.Cast(op.ScatterND(none, places, marks), to=9)  # bool


def _empty_max(x: Tensor, regions: Tensor, scale: float, height: int, width: int) -> Tensor:
    return x.new_empty(regions.shape[0], x.shape[1], height, width)


def _max_in_onnx(x: object, regions: object, scale: float, height: int, width: int) -> object:
    op = _opset()
    rows = op.Reshape(regions, op.Constant(value_ints=[-1, 5]))
    return op.MaxRoiPool(x, rows, pooled_shape=[height, width], spatial_scale=scale)


_OPERATORS: dict[Callable[..., Tensor], _Operator] = {
    survivors: _Operator(_empty_survivors, _survivors_in_onnx), max_of_regions: _Operator(_empty_max, _max_in_onnx)}
