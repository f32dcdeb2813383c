"""The types of forks that are not implemented."""

from __future__ import annotations

import pytest

import netdef
from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.core.registry import known_types
from netdef.schema.fork_types import _TYPES, fork_of_type


def test_a_type_has_one_row_and_is_not_implemented():
    types = [kind for _, kinds in _TYPES for kind in kinds.split()]
    assert len(types) == len(set(types)) and not set(types) & set(known_types())


def test_the_fork_of_a_type():
    assert fork_of_type("LOSS_TREE") == "yjxiong/caffe, which never published its source,"
    assert fork_of_type("Convolution") is None


def test_a_layer_of_a_fork_is_refused_by_its_fork():
    with pytest.raises(
        netdef.SpecError, match="unknown type `BoxData`: it is of yeahkun/caffe-yolo, whose labels .* and not implemented"
    ):
        netdef.loads('layer { name: "l" type: "BoxData" top: "l" }')
