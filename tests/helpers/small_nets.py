"""Texts of small nets, and the errors that netdef finds in one."""

from __future__ import annotations

import pytest

import netdef
from netdef.errors import SpecError

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }\n'


CONVOLUTION_AND_IP = """name: "n"
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 7 } } }
layer { name: "c" type: "Convolution" bottom: "x" top: "c"
        convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "ip" type: "InnerProduct" bottom: "c" top: "ip"
        inner_product_param { num_output: 6 weight_filler { type: "xavier" } } }
"""
"""A convolution and an inner product of images (3, 5, 7)."""

WITH_LABELS = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "t" type: "Input" top: "t" input_param { shape { dim: 2 } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "x" bottom: "t" top: "loss" }
"""
"""A loss of scores (2, 3)."""


def ip(name: str, bottom: str, outputs: int, more: str = "") -> str:
    """An InnerProduct layer, whose top has its name."""
    return (f'layer {{ name: "{name}" type: "InnerProduct" bottom: "{bottom}" top: "{name}" '
            f'inner_product_param {{ num_output: {outputs} weight_filler {{ type: "xavier" }} }} {more} }}\n')


def complaints(text: str) -> list[str]:
    """The messages about a net of `INPUT` and ``text``; each has a place."""
    with pytest.raises(SpecError) as error:
        netdef.loads(INPUT + text)
    assert all(problem.span is not None for problem in error.value.problems)
    return [problem.message for problem in error.value.problems]
