"""`netdef.netspec`, the import path of model builders."""

from __future__ import annotations

import netdef.builder.net_spec
import netdef.netspec


def test_it_has_the_names_of_the_builder():
    for name in netdef.netspec.__all__:
        assert getattr(netdef.netspec, name) is getattr(netdef.builder.net_spec, name)
    assert netdef.netspec.NetSpec is netdef.NetSpec
    assert {"NetSpec", "layers", "params", "to_proto"} <= set(netdef.netspec.__all__)
