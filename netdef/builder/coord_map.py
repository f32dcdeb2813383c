"""Map the places of one top to places of another, in nets written in Python, as ``caffe.coord_map`` does.

    from netdef.coord_map import crop

    n.score = crop(n.upscore, n.data)   # the part of n.upscore that lies over n.data

Place i of a top is the middle of the window that it was computed from, so a layer shifts places by half its window.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, TypeVar

from google.protobuf.message import Message

from netdef.builder.net_spec import Function, Top, layers
from netdef.errors import NetdefError

Number = TypeVar("Number", int, Fraction)

_PLACE_BY_PLACE = set(
    "AbsVal BN BNLL BatchNorm Bias Clip Dropout ELU Eltwise Exp HardSwish LRN Log MVN PReLU Power ReLU ReLU6 Scale "
    "Sigmoid Softmax Split Swish TanH Threshold".split())


class CoordMapError(NetdefError, ValueError):
    """The places of two tops are not related, or not as they must be."""


class AxisMismatchError(CoordMapError):
    """Maps of places over different axes."""


class CoordMap(NamedTuple):
    """Place i of one top is place ``scale * i + shift`` of another, for each axis from ``axis + 1`` on.

    ``scale`` and ``shift`` are one number for all axes, or one for each. ``axis`` is None if no layer between the tops
    has axes.
    """

    axis: int | None
    scale: tuple[Fraction, ...]
    shift: tuple[Fraction, ...]

    def then(self, other: CoordMap) -> CoordMap:
        """This map and then the other."""
        if None not in (self.axis, other.axis) and self.axis != other.axis:
            raise AxisMismatchError(f"the maps of places are over axis {self.axis} and axis {other.axis}")
        both = list(zip(*_spread(self.scale, self.shift, other.scale, other.shift)))
        return CoordMap(
            self.axis if other.axis is None else other.axis,
            _joined(a * c for a, _, c, _ in both), _joined(b * c + d for _, b, c, d in both))

    def inverse(self) -> CoordMap:
        """The map in the other direction."""
        both = list(zip(*_spread(self.scale, self.shift)))
        return CoordMap(self.axis, _joined(1 / a for a, _ in both), _joined(-b / a for a, b in both))


_SAME = CoordMap(None, (Fraction(1),), (Fraction(0),))


def coord_map_from_to(top_from: Top, top_to: Top) -> CoordMap:
    """The map from places of one top to places of another, through a top that both are computed from.

    Raises `CoordMapError` if there is no such top, or if two ways to it differ.
    """
    down, up = _ancestors(top_from), _ancestors(top_to)
    for top, way in down.items():
        if top in up:
            return way.then(up[top].inverse())
    raise CoordMapError("the tops have no common ancestor whose places they keep")


def crop(top_from: Top, top_to: Top) -> Top:
    """A Crop layer that cuts the part of ``top_from`` that lies over ``top_to``.

    Raises `CoordMapError` if the shift between their places is not a whole number, or if ``top_to`` begins outside.
    """
    axis, scale, shift = coord_map_from_to(top_from, top_to)
    if any(a != 1 for a in scale):
        raise CoordMapError(f"the tops differ by a scale of {', '.join(map(str, scale))}; only shifts can be cropped")
    offsets = [-b for b in shift]
    if wrong := [offset for offset in offsets if offset < 0 or offset.denominator != 1]:
        raise CoordMapError(f"the crop would begin at {wrong[0]}; it must be a whole number, at least 0")
    return layers.Crop(top_from, top_to, axis=(1 if axis is None else axis) + 1, offset=[int(x) for x in offsets])


def _ancestors(top: Top) -> dict[Top, CoordMap]:
    """The map to each top that this one was computed from, the nearest first."""
    found, queue = {top: _SAME}, [top]
    complaint: CoordMapError | None = None
    for near in queue:
        inputs = near.fn.inputs[:1] if near.fn.type_name == "Crop" else near.fn.inputs
        try:
            step = layer_map(near.fn) if inputs else _SAME
        except CoordMapError as error:
            complaint = error
            continue
        for bottom in inputs:
            way = found[near].then(step)
            if bottom not in found:
                found[bottom] = way
                queue.append(bottom)
            elif found[bottom][1:] != way[1:]:
                raise CoordMapError(f"two ways through `{near.fn.type_name}` to one top give it different places")
    if complaint is not None and len(found) == 1:
        raise complaint
    return found


def layer_map(layer: Function) -> CoordMap:
    """The map from places of a layer's tops to places of its bottoms."""
    kind, message = layer.type_name, layer.message
    if kind in _PLACE_BY_PLACE:
        return _SAME
    if kind in ("Convolution", "ConvolutionDepthwise", "DepthwiseConvolution", "Im2col", "Deconvolution"):
        param = message.convolution_param
        windows = CoordMap(param.axis, *_window(param))
        return windows.inverse() if kind == "Deconvolution" else windows
    if kind == "Pooling":
        if message.pooling_param.global_pooling:
            raise CoordMapError("a global Pooling has no map of places")
        return CoordMap(1, *_window(message.pooling_param))
    if kind == "Crop":
        return CoordMap(message.crop_param.axis - 1, _SAME.scale, _joined(message.crop_param.offset or [0]))
    raise CoordMapError(f"a layer `{kind}` has no map of places")


def _window(param: Message) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Scale and shift of the windows of a Convolution or a Pooling."""

    def sizes(listed: str, sides: str, default: int) -> tuple[int, ...]:
        if any(param.HasField(f"{sides}_{side}") for side in "hw"):
            return getattr(param, f"{sides}_h"), getattr(param, f"{sides}_w")
        given = getattr(param, listed)
        return tuple([given] if isinstance(given, int) else given) or (default,)

    forms = [sizes("kernel_size", "kernel", 1), sizes("stride", "stride", 1), sizes("pad", "pad", 0),
             tuple(getattr(param, "dilation", ())) or (1,)]
    both = list(zip(*_spread(*forms)))
    return _joined(s for _, s, _, _ in both), _joined(Fraction(d * (k - 1), 2) - p for k, _, p, d in both)


def _spread(*numbers: tuple[Number, ...]) -> list[tuple[Number, ...]]:
    """The same numbers, all of one length: a single number stands for every axis."""
    count = max(map(len, numbers))
    return [values * count if len(values) == 1 else values for values in numbers]


def _joined(numbers: Iterable[int | Fraction]) -> tuple[Fraction, ...]:
    """The numbers, or one number where all axes have the same."""
    found = tuple(map(Fraction, numbers))
    return found[:1] if len(set(found)) == 1 else found
