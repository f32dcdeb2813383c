"""Checks of messages and bottoms that many layers share; each error has its place.

``path`` is the place of a field in the layer's message. ``shapes`` are those of all bottoms, masks left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce

from google.protobuf.message import Message

from netdef.definition.definitions import LayerDefinition
from netdef.errors import SpecError
from netdef.layers.core.shapes import Shape


def canonical_axis(spec: LayerDefinition, axis: int, n_axes: int, *path: str | int) -> int:
    """An axis counted from either end, as an index. Refused outside ``[-n_axes, n_axes)``."""
    if not -n_axes <= axis < n_axes:
        raise spec.refuse(f"wants axis {axis}, but its bottom has {n_axes} axes", *path)
    return axis % n_axes


def check_positive(spec: LayerDefinition, value: int, *path: str | int) -> None:
    """Refuse a count below 1. ``path`` is that of its field in the layer's message; one that is not given counts as 0."""
    if value < 1:
        *messages, field = map(str, path)
        if reduce(getattr, messages, spec.message).HasField(field):
            raise spec.refuse(f"has `{field}` {value}; it must be at least 1", *path)
        raise spec.refuse(f"needs {'an' if field[0] in 'aeiou' else 'a'} `{field}` of at least 1", *path)


def check_at_least(spec: LayerDefinition, value: float, least: float, *path: str | int) -> None:
    """Refuse a number below ``least``, and NaN."""
    if not value >= least:
        raise spec.refuse(f"has `{path[-1]}` {value:g}; it must be at least {least:g}", *path)


def check_sizes(spec: LayerDefinition, name: str, sizes: Sequence[int], *path: str | int) -> None:
    """Refuse sizes of which one is below 1."""
    if min(sizes) < 1:
        raise spec.refuse(f"has {name} {tuple(sizes)}; it must be at least 1", *path)


def check_above_zero(spec: LayerDefinition, value: float, *path: str | int) -> None:
    """Refuse a number that is not above 0. ``path`` is that of its field, and its index if the field is repeated."""
    if not value > 0:
        field = next(name for name in reversed(path) if isinstance(name, str))
        raise spec.refuse(f"has `{field}` {value:g}; it must be above 0", *path)


def check_each_above_zero(spec: LayerDefinition, values: Iterable[float], *path: str | int) -> None:
    """Refuse numbers of which one is not above 0. ``path`` is that of their repeated field."""
    for index, value in enumerate(values):
        check_above_zero(spec, value, *path, index)


def check_top_k(spec: LayerDefinition, top_k: int, classes: int, *path: str | int) -> None:
    """Refuse a ``top_k`` above the number of classes. ``path`` is that of its message."""
    if top_k > classes:
        raise spec.refuse(f"has top_k {top_k}, but its scores have {classes} classes", *path, "top_k")


def check_share(spec: LayerDefinition, value: float, *path: str | int) -> None:
    """Refuse a number outside ``[0, 1)``."""
    if not 0 <= value < 1:
        raise spec.refuse(f"has `{path[-1]}` {value:g}; it must be at least 0 and below 1", *path)


def check_chance(spec: LayerDefinition, value: float, *path: str | int) -> None:
    """Refuse a number outside ``[0, 1]``."""
    if not 0 <= value <= 1:
        raise spec.refuse(f"has `{path[-1]}` {value:g}; it must be from 0 to 1", *path)


def check_bounds(spec: LayerDefinition, param: Message, name: str, *path: str | int) -> None:
    """Refuse the fields ``<name>_lower`` and ``<name>_upper`` of the message at ``path`` unless 0 <= lower <= upper."""
    low, high = getattr(param, f"{name}_lower"), getattr(param, f"{name}_upper")
    if not 0 <= low <= high:
        raise spec.refuse(f"has `{name}_lower` {low:g} and `{name}_upper` {high:g}; wanted are 0 <= lower <= upper",
                          *path, f"{name}_lower" if param.HasField(f"{name}_lower") else f"{name}_upper")


def read_size(spec: LayerDefinition, param: Message, height: str, width: str, *path: str | int) -> tuple[int, int]:
    """Read a size from two fields of the message at ``path``, of which both or none must be above 0."""
    size = getattr(param, height), getattr(param, width)
    if bool(size[0]) != bool(size[1]):
        raise spec.refuse(f"has `{height}` {size[0]} and `{width}` {size[1]}; give both or neither", *path,
                          height if size[0] else width)
    return size


def read_pair(
    spec: LayerDefinition, param: Message, name: str, height: str, width: str, *path: str | int
) -> tuple[int, int] | None:
    """Read a size for both axes from the message at ``path``: given once, or as ``_h`` and ``_w``; None if it is absent."""
    named = [field for field in (height, width) if param.HasField(field)]
    if param.HasField(name):
        if named:
            raise refuse_both(spec, name, named[0], *path, named[0])
        return getattr(param, name), getattr(param, name)
    if len(named) == 1:
        raise spec.refuse(f"gives `{named[0]}` without `{width if named[0] == height else height}`", *path, named[0])
    return (getattr(param, height), getattr(param, width)) if named else None


def refuse_both(spec: LayerDefinition, one: str, other: str, *path: str | int) -> SpecError:
    """The error for two fields with the same meaning; ``path`` is the place of ``other``."""
    return spec.refuse(f"gives both `{one}` and `{other}`; give one of them", *path)


def check_axes(spec: LayerDefinition, shapes: Sequence[Shape], count: int, index: int = 0) -> None:
    """Refuse bottom ``index`` unless it has ``count`` axes."""
    if len(shapes[index]) != count:
        named = ", (batch, channels, height, width)" if count == 4 else ""
        raise spec.refuse(
            f"wants a bottom of {_axes(count)}{named}; `{spec.bottoms[index]}` has shape {shapes[index]}", "bottom", index)


def check_least_axes(spec: LayerDefinition, shapes: Sequence[Shape], least: int, index: int = 0) -> None:
    """Refuse bottom ``index`` if it has fewer than ``least`` axes."""
    if len(shapes[index]) < least:
        raise spec.refuse(
            f"wants a bottom of at least {_axes(least)}; `{spec.bottoms[index]}` has shape {shapes[index]}", "bottom", index)


def refuse_shapes(spec: LayerDefinition, shapes: Sequence[Shape], index: int, rule: str) -> SpecError:
    """The error for a bottom ``index`` that does not fit the first; ``rule`` says what would fit."""
    return spec.refuse(
        f"has bottoms of shapes {shapes[0]} (`{spec.bottoms[0]}`) and {shapes[index]} (`{spec.bottoms[index]}`); {rule}",
        "bottom", index)


def check_same_shape(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse bottoms of different shapes."""
    for index, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise refuse_shapes(spec, shapes, index, "all must be of one shape")


def check_same_count(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse bottoms that do not hold equally many numbers."""
    for index, shape in enumerate(shapes):
        if math.prod(shape) != math.prod(shapes[0]):
            raise refuse_shapes(spec, shapes, index, "they must hold equally many numbers")


def check_same_batch(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse bottoms without axes, and first two bottoms whose first axes differ."""
    for index in range(len(shapes)):
        check_least_axes(spec, shapes, 1, index)
    if shapes[0][0] != shapes[1][0]:
        raise refuse_shapes(spec, shapes, 1, "their first axes must agree")


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"
