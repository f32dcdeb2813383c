"""Coordinate maps between the blobs of a net: place i of a top is the middle of the window that it was computed from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from netdef.errors import NetdefError
from netdef.schema.messages import ConvolutionParameter, LayerParameter, PoolingParameter

Number = TypeVar("Number", int, Fraction)
Blob = TypeVar("Blob", bound=Hashable)
Maker = tuple[str, LayerParameter, Sequence[Blob]]
"""The layer that made a blob: its type, message and bottoms."""

_PLACE_BY_PLACE = set(
    "AbsVal BN BNLL BatchNorm Bias Clip Dropout ELU Eltwise Exp HardSwish LRN Log MVN PReLU Power ReLU ReLU6 Scale "
    "Sigmoid Softmax Split Swish TanH Threshold".split())


class CoordMapError(NetdefError, ValueError):
    """The error for two tops without a coordinate map, or with an unusable one."""


class AxisMismatchError(CoordMapError):
    """The error for maps of places over different axes."""


class CoordMap(NamedTuple):
    """Place i of one top is place ``scale * i + shift`` of another, for each axis from ``axis + 1`` on.

    ``scale`` and ``shift`` are one number for all axes, or one for each. ``axis`` is None if no layer between the tops
    has axes.
    """

    axis: int | None
    scale: tuple[Fraction, ...]
    shift: tuple[Fraction, ...]

    def then(self, other: CoordMap) -> CoordMap:
        """The composition: this map, then the other."""
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


def relate(blob: Blob, other: Blob, maker: Callable[[Blob], Maker[Blob]]) -> CoordMap:
    """The map from places of one blob to places of another, through one that both are computed from.

    ``maker`` gives the layer that made a blob. Raises `CoordMapError` if there is no such blob, or if two ways to it differ.
    """
    down, up = _ancestors(blob, maker), _ancestors(other, maker)
    for common, to_common in down.items():
        if common in up:
            return to_common.then(up[common].inverse())
    raise CoordMapError("the tops have no common ancestor whose places they keep")


def offsets(found: CoordMap) -> list[int]:
    """The offsets of the crop of one blob to the region of another, given the map between them, for the axes after ``axis``.

    Raises `CoordMapError` if the shift is not a whole number, or if the region begins outside the blob.
    """
    if any(a != 1 for a in found.scale):
        raise CoordMapError(
            f"the tops differ by a scale of {', '.join(map(str, found.scale))}; only shifts can be cropped")
    begins = [-b for b in found.shift]
    if wrong := [begin for begin in begins if begin < 0 or begin.denominator != 1]:
        raise CoordMapError(f"the crop would begin at {wrong[0]}; it must be a whole number, at least 0")
    return [int(begin) for begin in begins]


def _ancestors(blob: Blob, maker: Callable[[Blob], Maker[Blob]]) -> dict[Blob, CoordMap]:
    """The map to each blob that this one was computed from, the nearest first."""
    found, queue = {blob: _SAME}, [blob]
    complaint: CoordMapError | None = None
    for near in queue:
        kind, message, bottoms = maker(near)
        if kind == "Crop":  # of the other only the sizes are read
            bottoms = bottoms[:1]
        try:
            step = layer_map(kind, message) if bottoms else _SAME
        except CoordMapError as error:
            complaint = error
            continue
        for bottom in bottoms:
            to_bottom = found[near].then(step)
            if bottom not in found:
                found[bottom] = to_bottom
                queue.append(bottom)
            elif found[bottom][1:] != to_bottom[1:]:
                raise CoordMapError(f"two ways through `{kind}` to one top give it different places")
    if complaint is not None and len(found) == 1:
        raise complaint
    return found


def layer_map(kind: str, message: LayerParameter) -> CoordMap:
    """The map from places of the tops of a layer of type ``kind`` to places of its bottoms."""
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


def _window(param: ConvolutionParameter | PoolingParameter) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Scale and shift of the windows of a Convolution or a Pooling."""

    def sizes(listed: str, sides: str, default: int) -> tuple[int, ...]:
        if any(param.HasField(f"{sides}_{side}") for side in "hw"):
            return getattr(param, f"{sides}_h"), getattr(param, f"{sides}_w")
        given = getattr(param, listed)
        return tuple([given] if isinstance(given, int) else given) or (default,)

    if param.pad_type:
        raise CoordMapError("a layer with `pad_type` has no map of places: its padding follows from the size of its bottom")
    if any(getattr(param, f"pad_{side}") for side in "tblr"):
        pad: tuple[int, ...] = (param.pad_t, param.pad_l)
    else:
        pad = sizes("pad", "pad", 0)
    forms = [sizes("kernel_size", "kernel", 1), sizes("stride", "stride", 1), pad,
             tuple(getattr(param, "dilation", ())) or (1,)]
    both = list(zip(*_spread(*forms)))
    return _joined(s for _, s, _, _ in both), _joined(Fraction(d * (k - 1), 2) - p for k, _, p, d in both)


def _spread(*numbers: tuple[Number, ...]) -> list[tuple[Number, ...]]:
    """Repeat single numbers for every axis, so that all have one length."""
    count = max(map(len, numbers))
    return [values * count if len(values) == 1 else values for values in numbers]


def _joined(numbers: Iterable[int | Fraction]) -> tuple[Fraction, ...]:
    """The numbers, or one number where all axes have the same."""
    found = tuple(map(Fraction, numbers))
    return found[:1] if len(set(found)) == 1 else found
