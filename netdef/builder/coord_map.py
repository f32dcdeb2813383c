"""Map the places of one top to places of another, in nets written in Python, as ``caffe.coord_map`` does.

    from netdef.coord_map import crop

    n.score = crop(n.upscore, n.data)   # the part of n.upscore that lies over n.data
"""

from __future__ import annotations

from collections.abc import Sequence

from netdef.builder.net_spec import Function, Top, layers
from netdef.definition import coordinate_maps
from netdef.definition.coordinate_maps import AxisMismatchError, CoordMap, CoordMapError
from netdef.schema.messages import LayerParameter

__all__ = ["AxisMismatchError", "CoordMap", "CoordMapError", "coord_map_from_to", "crop", "layer_map"]


def coord_map_from_to(top_from: Top, top_to: Top) -> CoordMap:
    """The map from places of one top to places of another, through a top that both are computed from.

    Raises `CoordMapError` if there is no such top, or if two ways to it differ.
    """
    return coordinate_maps.relate(top_from, top_to, _maker)


def crop(top_from: Top, top_to: Top) -> Top:
    """A Crop layer that cuts the part of ``top_from`` that lies over ``top_to``.

    Raises `CoordMapError` if the shift between their places is not a whole number, or if ``top_to`` begins outside.
    """
    found = coord_map_from_to(top_from, top_to)
    axis = 1 if found.axis is None else found.axis
    return layers.Crop(top_from, top_to, axis=axis + 1, offset=coordinate_maps.offsets(found))


def layer_map(layer: Function) -> CoordMap:
    """The map from places of a layer's tops to places of its bottoms."""
    return coordinate_maps.layer_map(layer.type_name, layer.message)


def _maker(top: Top) -> tuple[str, LayerParameter, Sequence[Top]]:
    return top.fn.type_name, top.fn.message, top.fn.inputs
