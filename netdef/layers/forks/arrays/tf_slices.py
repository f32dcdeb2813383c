"""Piece and StridedSlice: parts of a blob. TensorFlow's slice and strided_slice, and ONNX's Slice, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_Place = slice | range | int | None  # a range: entries in falling order
_Index = tuple[_Place, ...]
PARAM = "strided_slice_param"


class _Part(Layer):
    """The base of both: an index of the bottom, then axes that go backwards."""

    refuses_inplace = True
    index: _Index
    backwards: tuple[int, ...] = ()
    """The axes of the indexed bottom that are turned round."""

    def forward(self, x: Tensor) -> Tensor:
        part = x[self.index]
        return part.flip(self.backwards) if self.backwards else part

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        places = ", ".join(_text(place) for place in self.index)
        flip = f".flip({self.backwards})" if self.backwards else ""
        return TorchCode(f"{bottoms[0]}[{places}]{flip}" if places else str(bottoms[0]))


@register("Piece")
class Piece(_Part):
    """``size`` entries of each axis from ``begin`` on; -1 is all of the rest. The fork has no gradient of it."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.piece_param, shapes[0]
        if not len(param.begin) == len(param.size) == len(shape):
            raise spec.refuse(f"has {len(param.begin)} `begin` and {len(param.size)} `size`; it wants one of each for the "
                              f"{len(shape)} axes of its bottom", "piece_param")
        index = []
        for i, (begin, count, size) in enumerate(zip(param.begin, param.size, shape)):
            end = size if count == -1 else begin + count
            if not 0 <= begin < end <= size:
                raise spec.refuse(f"takes {count} from {begin} on of axis {i}, of size {size}", "piece_param", "size", i)
            index.append(slice(begin, None if count == -1 else end))
        self.index = tuple(index)


@register("StridedSlice")
class StridedSlice(_Part):
    """Every ``strides``-th entry from ``begin`` on, before ``end``, of the first axes; with ``axes``, of these.

    Numbers below 0 count from the end; a ``begin`` beyond an axis is its last entry, as in the fork. The bits of the masks, for
    each number: ``begin_mask`` and ``end_mask`` leave it out; ``ellipsis_mask`` stands for all axes that have none;
    ``new_axis_mask`` puts in an axis of size 1; ``shrink_axis_mask`` takes one entry, without its axis. With ``axes`` there are
    no masks. The fork has no gradient of it.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.strided_slice_param, shapes[0]
        strides = list(param.strides) or [1] * len(param.begin)
        if not len(param.begin) == len(param.end) == len(strides):
            raise spec.refuse(f"has {len(param.begin)} `begin`, {len(param.end)} `end` and {len(strides)} `strides`; it wants as "
                              "many of each", PARAM)
        if 0 in strides:
            raise spec.refuse("has a stride of 0", PARAM, "strides", strides.index(0))
        numbers = list(zip(param.begin, param.end, strides))
        self.index = self._of_axes(spec, shape, numbers) if param.axes else self._of_masks(spec, shape, numbers)
        kept = [place for place in self.index if not isinstance(place, int)]
        self.backwards = tuple(i for i, place in enumerate(kept) if isinstance(place, range))
        self.index = tuple(
            slice(place[-1], place[0] + 1, -place.step) if isinstance(place, range) else place for place in self.index)

    def _of_axes(self, spec: LayerDefinition, shape: Shape, numbers: Sequence[tuple[int, int, int]]) -> _Index:
        axes = spec.message.strided_slice_param.axes
        if len(axes) != len(numbers):
            raise spec.refuse(f"has {len(axes)} `axes` and {len(numbers)} `begin`", PARAM, "axes")
        index: list[_Place] = [slice(None)] * len(shape)
        for i, axis in enumerate(axes):
            axis = canonical_axis(spec, axis, len(shape), PARAM, "axes", i)
            index[axis] = _part(spec, i, *numbers[i], shape[axis])
        return tuple(index)

    def _of_masks(self, spec: LayerDefinition, shape: Shape, numbers: Sequence[tuple[int, int, int]]) -> _Index:
        param = spec.message.strided_slice_param
        begins, ends, rest, new, shrink = (
            [bool(mask & 1 << i) for i in range(len(numbers))] for mask in (
                param.begin_mask, param.end_mask, param.ellipsis_mask, param.new_axis_mask, param.shrink_axis_mask))
        if param.ellipsis_mask & (param.ellipsis_mask - 1):
            raise spec.refuse("has an `ellipsis_mask` of several bits; one is allowed", PARAM, "ellipsis_mask")
        own = sum(not a and not b for a, b in zip(rest, new))
        if own > len(shape):
            raise spec.refuse(f"has numbers for {own} axes, and a bottom of {len(shape)}", PARAM, "begin")
        index: list[_Place] = []
        axis = 0
        for i, (begin, end, stride) in enumerate(numbers):
            if rest[i]:
                index += [slice(None)] * (len(shape) - own)
                axis += len(shape) - own
                continue
            if new[i]:
                index.append(None)
                continue
            size = shape[axis]
            if shrink[i]:
                index.append(_first(begin, size))
            else:
                forwards = stride > 0
                index.append(_part(spec, i, (0 if forwards else -1) if begins[i] else begin,
                                   (size if forwards else -size - 1) if ends[i] else end, stride, size))
            axis += 1
        return tuple(index)


def _first(begin: int, size: int) -> int:
    return min(begin, size - 1) if begin >= 0 else max(begin + size, 0)


def _part(spec: LayerDefinition, i: int, begin: int, end: int, stride: int, size: int) -> slice | range:
    """The entries of one axis of this size."""
    first = _first(begin, size)
    last = min(end, size) if end >= 0 else max(end + size, -1)
    places = range(first, last, stride)
    if not places:
        raise spec.refuse(f"takes nothing from {begin} to {end} by {stride} of an axis of size {size}", PARAM, "begin", i)
    if stride < 0:
        return places
    return slice(first, None if end >= size else last, stride)  # of a larger batch, too, all of the rest


def _text(place: _Place) -> str:
    if not isinstance(place, slice):
        return str(place)
    start, stop, step = ("" if number is None else str(number) for number in (place.start, place.stop, place.step))
    return f"{start}:{stop}" + (f":{step}" if step not in ("", "1") else "")
