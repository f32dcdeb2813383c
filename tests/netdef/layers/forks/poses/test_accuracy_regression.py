"""AccuracyRegression by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_half_of_the_differences_of_an_item(phase: str):
    a, b = torch.tensor([[1.0, 2], [3, 4], [0, 0]]).double(), torch.tensor([[1.0, 4], [0, 8], [0, -3]]).double()
    top = top_of("AccuracyRegression", phase=phase, a=a, b=b)
    assert top.shape == (1, 1, 1, 1) and top.item() == 12 / 2 / 3


def test_old_nets_name_it_in_capitals():
    text = ('input: "a" input: "b" input_shape { dim: 2 dim: 3 } input_shape { dim: 2 dim: 3 } '
            'layers { name: "l" type: ACCURACY_REGRESSION bottom: "a" bottom: "b" top: "y" }')
    assert netdef.loads(text).layers["l"].type_name == "AccuracyRegression"


def test_other_shapes_are_refused():
    with pytest.raises(netdef.SpecError, match="all must be of one shape"):
        one_layer("AccuracyRegression", a=(2, 3), b=(3, 2))
