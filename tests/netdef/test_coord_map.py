"""`netdef.coord_map`, the import path of model builders."""

from __future__ import annotations

import netdef.builder.coord_map
import netdef.coord_map


def test_it_has_the_names_of_the_builder():
    for name in netdef.coord_map.__all__:
        assert getattr(netdef.coord_map, name) is getattr(netdef.builder.coord_map, name)
    assert {"crop", "coord_map_from_to"} <= set(netdef.coord_map.__all__)
