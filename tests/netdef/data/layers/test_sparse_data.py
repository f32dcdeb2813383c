"""SparseData: vectors with their zeros, labels of both kinds, and a net that reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

import netdef
from netdef.errors import FileError, SpecError
from netdef.schema.messages import SparseDatum, SparseDatumOfFloat

LAYER = "type: 'SparseData' top: 'data' top: 'label' sparse_data_param { source: 'db' backend: LMDB batch_size: 2 }"


def datum(size, values, label, kind=SparseDatum):
    """``values`` by index."""
    return kind(size=size, nn=len(values), indices=list(values), data=list(values.values()), label=label)


def test_zeros_are_written_out(make_feed: Callable, make_database: Callable):
    make_database([datum(5, {3: 2.5, 0: -1}, 7), datum(5, {}, 1), datum(5, {4: 8}, 0)])
    feed = make_feed(LAYER)
    assert feed.shapes == {"data": (2, 5), "label": (2,)}
    first, second = next(feed), next(feed)
    assert first["data"].tolist() == [[-1, 0, 0, 2.5, 0], [0] * 5] and first["label"].tolist() == [7, 1]
    assert second["data"].tolist() == [[0, 0, 0, 0, 8], [-1, 0, 0, 2.5, 0]] and second["label"].tolist() == [0, 7]


def test_labels_may_be_floats(make_feed: Callable, make_database: Callable):
    make_database([datum(3, {1: 4}, 0.25, SparseDatumOfFloat), datum(3, {2: 4}, 6, SparseDatumOfFloat)])
    assert next(make_feed(LAYER))["label"].tolist() == [0.25, 6]


@pytest.mark.parametrize(("second", "words"), [
    (SparseDatum(size=5, indices=[1, 2], data=[3]), "has 2 indices for 1 values"),
    (SparseDatum(size=4, indices=[1], data=[3]), "is of size 4; wanted is 5"),
    (SparseDatum(size=5, indices=[1, 5], data=[3, 4]), "has indices from 1 to 5; its size is 5"),
])
def test_a_record_that_contradicts_itself_is_named(make_feed: Callable, make_database: Callable, second, words):
    make_database([datum(5, {3: 2.5}, 1), second])
    with pytest.raises(FileError, match=f"db: item `00000001` {words}"):
        next(make_feed(LAYER))


def test_transformations_are_refused(make_feed: Callable, make_database: Callable):
    make_database([datum(5, {3: 2.5}, 1)])
    with pytest.raises(SpecError, match="does not transform data"):
        make_feed(LAYER + " transform_param { scale: 2 }")


@pytest.mark.parametrize("layers", [
    "layer { name: 'd' type: 'SparseData' top: 'x' sparse_data_param { source: 'db' backend: LMDB batch_size: 2 } } "
    "layer { name: 'ip' type: 'SparseInnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 3 } }",
    "layers { name: 'd' type: DATA_SPARSE_INPUT top: 'x' data_sparse_input_param { source: 'db' backend: LMDB batch_size: 2 } } "
    "layers { name: 'ip' type: SPARSE_INNER_PRODUCT bottom: 'x' top: 'y' inner_product_param { num_output: 3 } }",
])
def test_a_product_of_sparse_data(make_database: Callable, tmp_path, layers):
    make_database([datum(5, {3: 2, 0: -1}, 0), datum(5, {4: 8}, 0)])
    net = netdef.loads(layers, tmp_path)
    weight, bias = net.params["ip"]
    with torch.no_grad():
        weight.copy_(torch.arange(15.0).reshape(3, 5))
        bias.copy_(torch.tensor([0.0, 100, 200]))
    assert net(**next(net.feeds))["y"].tolist() == [[6, 111, 216], [32, 172, 312]]
