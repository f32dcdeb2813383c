"""Texts of small nets, and the errors that netdef finds in one."""

from __future__ import annotations

import pytest

import netdef
from netdef.errors import SpecError

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }\n'


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
