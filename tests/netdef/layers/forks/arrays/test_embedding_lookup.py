"""EmbeddingLookup and EmbeddingLookupSparse."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_rows_of_one_table():
    x = draw(5, 2, 3)
    top = top_of("EmbeddingLookup", "embedding_lookup_param { ids: [4, 0, 1, 4] ids_shape: [2, 2] }", x=x)
    assert torch.equal(top, x[[4, 0, 1, 4]].reshape(2, 2, 2, 3))


def test_rows_of_several_tables():
    a, b, c = draw(3, 2), draw(2, 2, seed=2), draw(2, 2, seed=3)  # 7 rows: "div" has 3 + 2 + 2
    param = "embedding_lookup_param {{ ids: [0, 1, 2, 3, 4, 5, 6] ids_shape: 7 partition_strategy: \"{}\" }}"
    assert torch.equal(top_of("EmbeddingLookup", param.format("div"), a=a, b=b, c=c), torch.cat((a, b, c)))
    mod = torch.stack((a[0], b[0], c[0], a[1], b[1], c[1], a[2]))
    assert torch.equal(top_of("EmbeddingLookup", param.format("mod"), a=a, b=b, c=c), mod)


def test_long_rows_are_made_shorter():
    x = torch.tensor([[3.0, 4], [0.3, 0.4], [0, 0]]).double()
    top = top_of("EmbeddingLookup", "embedding_lookup_param { ids: [0, 1, 2] ids_shape: 3 max_norm: 2 }", x=x)
    torch.testing.assert_close(top, torch.tensor([[1.2, 1.6], [0.3, 0.4], [0, 0]]).double())


@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn", "None"])
def test_sums_of_rows(combiner):
    x = draw(4, 3)
    param = ("ids_indices: [0, 0, 0, 3, 2, 1] ids_values: [1, 3, 0] ids_shape: [3, 4] weight_values: [2, 0.5, 3] "
             f'combiner: "{combiner}"')
    top = top_of("EmbeddingLookupSparse", f"embedding_lookup_sparse_param {{ {param} }}", x=x)
    by = {"sum": (1, 1), "mean": (2.5, 3)}.get(combiner, (math.sqrt(4.25), 3))
    wanted = torch.stack(((2 * x[1] + 0.5 * x[3]) / by[0], torch.zeros(3).double(), 3 * x[0] / by[1]))
    torch.testing.assert_close(top, wanted)


def test_weights_are_one_by_default():
    x = draw(4, 3)
    param = 'ids_indices: [0, 0, 0, 1] ids_values: [1, 3] ids_shape: [1, 2] combiner: "mean"'
    torch.testing.assert_close(top_of("EmbeddingLookupSparse", f"embedding_lookup_sparse_param {{ {param} }}", x=x),
                               (x[1:2] + x[3:]) / 2)


@pytest.mark.parametrize("kind, param, said", [
    ("", "ids: 4 ids_shape: 1", "takes row 4 of tables of .4. rows"), ("", "ids: 1 ids_shape: 2", "`ids_shape` .2,. wants 2"),
    ("", 'ids: 1 ids_shape: 1 partition_strategy: "x"', 'it is "mod" or "div"'),
    ("", "ids: 1 ids_shape: 1 max_norm: 0", "above 0"),
    ("Sparse", "ids_indices: [0, 0] ids_values: 4 ids_shape: [1, 1]", "takes row 4 of tables of .4. rows"),
    ("Sparse", "ids_indices: [0, 0] ids_values: [1, 2] ids_shape: [1, 1]", "two indices and one weight"),
    ("Sparse", "ids_indices: [1, 0] ids_values: 1 ids_shape: [1, 1]", "outside `ids_shape` .1, 1."),
    ("Sparse", "ids_indices: [1, 0, 0, 0] ids_values: [1, 2] ids_shape: [2, 1]", "that fall"),
    ("Sparse", 'ids_indices: [0, 0] ids_values: 1 ids_shape: [1, 1] combiner: "max"', 'it is "sum", "mean" or "sqrtn"'),
    ("Sparse", "ids_indices: [0, 0] ids_values: 1 ids_shape: [1, 1] weight_values: 0", "add up to 0"),
])
def test_ids_that_do_not_fit_are_refused(kind, param, said):
    field = "embedding_lookup_sparse_param" if kind else "embedding_lookup_param"
    with pytest.raises(netdef.SpecError, match=said):
        one_layer(f"EmbeddingLookup{kind}", f"{field} {{ {param} }}", x=(4, 3))


def test_tables_of_unlike_rows_are_refused():
    with pytest.raises(netdef.SpecError, match="all axes but the first must agree"):
        one_layer("EmbeddingLookup", "embedding_lookup_param { ids: 1 ids_shape: 1 }", a=(4, 3), b=(4, 2))
