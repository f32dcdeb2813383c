"""The catalogue knows every data layer."""

from __future__ import annotations

from netdef.data import catalogue  # noqa: F401
from netdef.data.feeding.feed import Feed
from netdef.layers.core.registry import known_types


def test_data_layers_are_feeds():
    feeds = {name for name, cls in known_types().items() if issubclass(cls, Feed)}
    assert feeds >= {"HDF5Data", "ImageData", "MemoryData"} and len(feeds) > 20
