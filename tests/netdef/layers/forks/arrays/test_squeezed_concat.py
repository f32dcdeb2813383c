"""Concat of blobs that differ in last axes of size 1."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError

PARAM = "concat_param { drops_last_axes: true }"


def test_axes_of_one_that_another_lacks():
    x, y = draw(2, 3), draw(2, 4, 1, 1)
    assert torch.equal(top_of("Concat", PARAM, x=x, y=y), torch.cat((x, y[..., 0, 0]), 1))
    assert top_of("Concat", PARAM, x=draw(2, 3, 1, 1), y=y).shape == (2, 7, 1, 1)


def test_other_axes_count():
    with pytest.raises(SpecError, match="may differ along axis 1 only"):
        one_layer("Concat", PARAM, x=(2, 3), y=(2, 4, 1, 2))
