"""PredictionHeatmap and AccuracyHeatmap of RMPE."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def peaks(*places: tuple[int, int]) -> torch.Tensor:
    """Maps 21 high and 20 wide of one item, each with the value 3 at a column and row."""
    maps = torch.zeros(1, len(places), 21, 20).double()
    for joint, (column, row) in enumerate(places):
        maps[0, joint, row, column] = 3
    return maps


def test_places_and_values():
    maps = torch.cat([peaks((4, 2), (7, 9)), peaks((0, 0), (19, 20))])
    maps[0, 0, 1, 6] = 3  # An equal value, in a later column.
    top = top_of("PredictionHeatmap", "prediction_heatmap_param { num_joints: 2 }", x=maps)
    assert top.shape == (1, 1, 2, 6) and top.reshape(2, 6).tolist() == [[4, 2, 3, 7, 9, 3], [0, 0, 3, 19, 20, 3]]


def test_the_share_of_near_joints():
    """A tenth of 21 is 2, so that 2.5 of it are 5 pixels: (3, 4) is not nearer, (3.9, 3) is. Joints at the edge do not count."""
    true = peaks((10, 10), (10, 10), (1, 5), (5, 1), (8, 3))
    found = torch.tensor([[13.0, 14, 1], [13.9, 13, 1], [1, 5, 1], [5, 1, 1], [19, 3, 1]]).double().reshape(1, 1, 1, 15)
    assert top_of("AccuracyHeatmap", "accuracy_heatmap_param { threshold: 2.5 }", p=found, t=true).item() == pytest.approx(1 / 3)


def test_refusals():
    with pytest.raises(netdef.SpecError, match="wants `num_joints` 3, the number of its maps, not 2"):
        one_layer("PredictionHeatmap", "prediction_heatmap_param { num_joints: 2 }", x=(2, 3, 20, 21))
    with pytest.raises(netdef.SpecError, match="three numbers for each map"):
        one_layer("AccuracyHeatmap", p=(1, 1, 2, 6), t=(2, 3, 20, 21))
    with pytest.raises(netdef.SpecError, match="at least 10 high"):
        one_layer("AccuracyHeatmap", p=(1, 1, 2, 9), t=(2, 3, 9, 21))
