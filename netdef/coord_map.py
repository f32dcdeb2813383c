"""The names of `netdef.builder.coord_map`, for model builders that import them as from ``caffe.coord_map``."""

from netdef.builder.coord_map import AxisMismatchError, CoordMap, CoordMapError, coord_map_from_to, crop

__all__ = ["AxisMismatchError", "CoordMap", "CoordMapError", "coord_map_from_to", "crop"]
