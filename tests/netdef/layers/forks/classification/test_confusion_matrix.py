"""ConfusionMatrix: shares of the items of a class."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

NAN = float("nan")


def test_rows_are_classes_and_columns_what_was_found():
    scores = torch.tensor([[0.1, 0.7, 0.2], [0.5, 0.5, 0.4], [0.0, 0.3, 0.9], [-2, -3, -1.5], [0.1, 0.9, 0.3]]).double()
    labels = torch.tensor([0.0, 0, 0, 0, 1]).double()  # no item of class 2; all scores of item 3 are below -1
    matrix = top_of("ConfusionMatrix", x=scores, t=labels)
    wanted = torch.tensor([[0.5, 0.25, 0.25], [0, 1, 0], [NAN, NAN, NAN]]).double()
    torch.testing.assert_close(matrix, wanted, equal_nan=True)


def test_places_of_a_plane_along_the_axis_of_classes():
    scores = torch.tensor([[[1.0, 2, 0], [0, 3, 1]], [[5, 0, 2], [4, 1, 9]]]).double()  # (2, 2, 3): classes on axis 1
    labels = torch.tensor([[0.0, 0, 1], [0, 0, 1]]).double()
    assert top_of("ConfusionMatrix", x=scores, t=labels).tolist() == [[0.5, 0.5], [0, 1]]
    last = top_of("ConfusionMatrix", "confusion_matrix_param { axis: -1 }", x=scores.transpose(1, 2), t=labels)
    assert last.tolist() == [[0.5, 0.5], [0, 1]]


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(netdef.SpecError, match="one label a prediction"):
        one_layer("ConfusionMatrix", x=(4, 3), t=(5,))
    with pytest.raises(netdef.NetdefError, match="the label 3"):
        top_of("ConfusionMatrix", x=torch.zeros(1, 3).double(), t=torch.tensor([3.0]).double())
