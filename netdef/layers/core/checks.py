"""What layers check alike in their messages and bottoms, each complaint with its place."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition


def canonical_axis(spec: LayerDefinition, axis: int, n_axes: int, *path: str | int) -> int:
    """An axis counted from either end, as an index; refused outside ``[-n_axes, n_axes)`` with a place."""
    if not -n_axes <= axis < n_axes:
        raise spec.refuse(f"wants axis {axis}, but its bottom has {n_axes} axes", *path)
    return axis % n_axes
