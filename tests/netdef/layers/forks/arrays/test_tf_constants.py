"""Range, SparseToDense and OneHot."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from one_layer import one_layer, top_of

import netdef


@pytest.mark.parametrize("param, wanted", [
    ("limit: 4", [0, 1, 2, 3]), ("start: 2 limit: 3.5 delta: 0.5", [2, 2.5, 3]), ("start: 3 limit: -2 delta: -2", [3, 1, -1])])
def test_numbers_before_a_limit(param, wanted):
    assert top_of("Range", f"range_param {{ {param} }}").tolist() == wanted


def test_numbers_add_up_in_float32():
    top = netdef.loads('layer { name: "l" type: "Range" top: "y" range_param { limit: 0.95 delta: 0.1 } }')()["y"]
    total, wanted = np.float32(0), []
    while total < np.float32(0.95):
        wanted.append(total)
        total += np.float32(0.1)
    assert top.tolist() == [float(value) for value in wanted] and len(wanted) == 10


@pytest.mark.parametrize("param", ["limit: 4 delta: 0", "limit: -1", "limit: 1e9", "", "limit: nan"])
def test_a_range_without_end_or_of_nothing_is_refused(param):
    with pytest.raises(netdef.SpecError, match="from one to ten million numbers"):
        one_layer("Range", f"range_param {{ {param} }}")


def test_values_at_places():
    param = ("sparse_indices: [0, 2, 1, 1] sparse_indices_shape: [2, 2] output_shape: [2, 3] sparse_values: [5, 6] "
             "default_value: -1")
    assert top_of("SparseToDense", f"sparse_to_dense_param {{ {param} }}").tolist() == [[-1, -1, 5], [-1, 6, -1]]
    line = "sparse_indices: [1, 3] sparse_indices_shape: 2 output_shape: 4 sparse_values: 2.5"
    assert top_of("SparseToDense", f"sparse_to_dense_param {{ {line} }}").tolist() == [0, 2.5, 0, 2.5]
    one = "sparse_indices: 1 sparse_indices_shape: 0 output_shape: 3 sparse_values: 4"
    assert top_of("SparseToDense", f"sparse_to_dense_param {{ {one} }}").tolist() == [0, 4, 0]


@pytest.mark.parametrize("param, said", [
    ("sparse_indices: [1, 1] sparse_indices_shape: 2 output_shape: 4 sparse_values: 1", "do not rise"),
    ("sparse_indices: [1, 4] sparse_indices_shape: 2 output_shape: 4 sparse_values: 1", "a place outside its top of shape .4,."),
    ("sparse_indices: [1, 2, 3] sparse_indices_shape: 2 output_shape: 4 sparse_values: 1", "its shape wants 2"),
    ("sparse_indices: [1, 2] sparse_indices_shape: 2 output_shape: [2, 4] sparse_values: 1", "for a top of 2 axes"),
    ("sparse_indices: [1, 2] sparse_indices_shape: 2 output_shape: 4 sparse_values: [1, 2, 3]", "3 `sparse_values` for 2 places"),
    ("sparse_indices: [1, 2] sparse_indices_shape: 2 sparse_values: 1", "`output_shape`")])
def test_places_that_do_not_fit_are_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("SparseToDense", f"sparse_to_dense_param {{ {param} }}")


@pytest.mark.parametrize("axis, shape", [(-1, (2, 3, 4)), (0, (4, 2, 3)), (1, (2, 4, 3)), (2, (2, 3, 4))])
def test_classes_to_vectors(axis, shape):
    classes = torch.tensor([[0, 3, 1.9], [-0.5, 4, 2]]).double()
    top = top_of("OneHot", f"one_hot_param {{ depth: 4 axis: {axis} on_value: 5 off_value: 2 }}", x=classes)
    assert top.shape == shape
    wanted = torch.full((2, 3, 4), 2.0).double()
    for place in ((0, 0, 0), (0, 1, 3), (0, 2, 1), (1, 2, 2)):  # -0.5 and 4 are no classes
        wanted[place] = 5
    assert torch.equal(top, wanted.movedim(2, axis))


def test_vectors_without_a_depth_are_refused():
    with pytest.raises(netdef.SpecError, match="needs a `depth`"):
        one_layer("OneHot", "", x=(2, 3))
    with pytest.raises(netdef.SpecError, match="it is -1, or from 0 to 2"):
        one_layer("OneHot", "one_hot_param { depth: 2 axis: 3 }", x=(2, 3))
