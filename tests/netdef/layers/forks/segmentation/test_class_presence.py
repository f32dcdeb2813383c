"""Which classes a map of labels has."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

LABELS = torch.tensor([[[[0.0, 2, 2], [255, 0, 2]]], [[[-1, 3, 3], [0, 0, 0]]]])


@pytest.mark.parametrize(("pool", "expected"), [
    ("MAX", [[1, 0, 1, 0], [1, 0, 1, 1]]), ("AVE", [[2 / 6, 0, 3 / 6, 0], [5 / 6, 0, 3 / 6, 2 / 6]])])
def test_classes_of_an_item_and_those_before(pool: str, expected: list[list[float]]):
    top = top_of("CreateMaskVector", f"create_mask_vector_param {{ num_label: 4 pool: {pool} }}", x=LABELS)
    assert top.shape == (2, 4, 1, 1)
    assert torch.allclose(top[..., 0, 0], torch.tensor(expected).float())


def test_labels_of_several_channels_are_refused():
    with pytest.raises(netdef.SpecError, match="one channel"):
        one_layer("CreateMaskVector", x=(2, 3, 4, 5))
