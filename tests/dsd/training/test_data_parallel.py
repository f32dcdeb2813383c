"""Wrapping nets for several processes."""

from __future__ import annotations

import pytest

import netdef
from dsd.distributed import ALONE
from dsd.training.data_parallel import _all_reach_a_loss, in_parallel

NET = """
layer {{ name: "in" type: "Input" top: "x" top: "y" input_param {{ shape {{ dim: 2 dim: 3 }} shape {{ dim: 2 dim: 4 }} }} }}
layer {{ name: "used" type: "InnerProduct" bottom: "x" top: "a" inner_product_param {{ num_output: 4 }} }}
layer {{ name: "aside" type: "InnerProduct" bottom: "{bottom}" top: "b" inner_product_param {{ num_output: 5 }} }}
layer {{ name: "loss" type: "EuclideanLoss" bottom: "a" bottom: "y" top: "loss" }}
{more}"""


def test_one_process_needs_no_wrapping():
    assert in_parallel(netdef.loads(NET.format(bottom="x", more="")), ALONE) is None


@pytest.mark.parametrize(("bottom", "more", "all_used"), [
    ("x", "", False),
    ("x", 'layer { name: "more" type: "Reduction" bottom: "b" top: "c" loss_weight: 1 }', True),
    ("a", 'layer { name: "more" type: "Reduction" bottom: "b" top: "c" loss_weight: 0 }', False),
])
def test_parameters_without_a_loss_are_found(bottom, more, all_used):
    assert _all_reach_a_loss(netdef.loads(NET.format(bottom=bottom, more=more), "TRAIN")) is all_used
