"""The weight and the bias of a layer."""

from __future__ import annotations

import pytest

import netdef
from netdef.errors import SpecError

NET = """layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ dim: 2 dim: 3 }} }} }}
    layer {{ name: "l" type: "InnerProduct" bottom: "x" top: "y" inner_product_param {{ {} }} }}"""


@pytest.mark.parametrize("param, shapes, sums", [
    ("num_output: 4 weight_filler { value: 2 } bias_filler { value: 3 }", [(4, 3), (4,)], [24, 12]),
    ("num_output: 4 bias_term: false weight_filler { value: 2 }", [(4, 3)], [24]),
])
def test_blobs_and_their_fillers(param, shapes, sums):
    net = netdef.loads(NET.format(param))
    blobs = net.params["l"]
    assert [tuple(blob.shape) for blob in blobs] == shapes and [blob.sum().item() for blob in blobs] == sums
    assert net.layers["l"].maskable == ("weight",)


@pytest.mark.parametrize("param, said, place", [
    ("num_output: 1000000000", "at most 2147483647", "num_output: 1000000000"),
    ('num_output: 4 weight_filler { type: "bilinear" }', "`bilinear` filler for a blob of shape \\(4, 3\\)", 'type: "bilinear"'),
    ('num_output: 4 bias_filler { type: "non" }', "unknown filler type `non`", 'type: "non"'),
])
def test_bad_parameters_are_refused_with_their_place(param, said, place):
    with pytest.raises(SpecError, match=said) as error:
        netdef.loads(NET.format(param))
    assert error.value.problems[0].span.text == place
