"""The old import path of `netdef.builder.coord_map`."""

from netdef.builder.coord_map import *  # noqa: F403
