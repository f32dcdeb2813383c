"""Maps of several scales made one, and their peaks."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def cubic(values, place: float) -> float:
    """The value between numbers at a place, as in the fork."""
    most = len(values) - 1
    first = max(int(place + 1e-5), 0)
    before, after = (first if first == 0 else first - 1), min(first + 1, most)
    a, b, c, d = (values[index] for index in (before, first, after, min(after + 1, most)))
    step = place - first
    return ((-0.5 * a + 1.5 * b - 1.5 * c + 0.5 * d) * step**3 + (a - 2.5 * b + 2 * c - 0.5 * d) * step**2
            + (0.5 * c - 0.5 * a) * step + b)


def test_the_mean_of_maps_of_two_scales():
    x = draw(2, 1, 8, 10)
    top = top_of("ImResize", "imresize_param { factor: 2 start_scale: 1 scale_gap: 0.4 }", x=x)
    assert top.shape == (1, 1, 16, 20)
    for row in (0, 5, 15):
        for column in (0, 8, 19):
            total = 0.0
            for index, (down, right) in enumerate(((0, 0), (1, 2))):  # floor(4 * 0.4), floor(5 * 0.4)
                inside = x[index, 0, down : 8 - down, right : 10 - right].tolist()
                height, width = len(inside), len(inside[0])
                across = (column - (20 / width / 2 - 0.5)) * width / 20
                lines = [cubic(line, across) for line in inside]
                total += cubic(lines, (row - (16 / height / 2 - 0.5)) * height / 16)
            assert top[0, 0, row, column].item() == pytest.approx(total / 2)


def test_a_given_size():
    param = "imresize_param { target_spatial_height: 7 target_spatial_width: 9 }"
    x = draw(1, 2, 7, 9)
    assert torch.allclose(top_of("ImResize", param, x=x), x)


def test_peaks_by_their_surroundings():
    x = torch.zeros(1, 2, 9, 12).double()
    x[0, 0, 4, 5], x[0, 0, 4, 6], x[0, 0, 6, 10], x[0, 0, 0, 3] = 0.9, 0.3, 0.8, 0.95
    x[0, 1] = 0.1
    top = top_of("Nms", "nms_param { threshold: 0.2 max_peaks: 4 num_parts: 2 }", x=x)
    assert top.shape == (1, 2, 5, 3) and top[0, :, 0, 0].tolist() == [2, 0]
    assert top[0, 0, 1].tolist() == pytest.approx([(5 * 0.9 + 6 * 0.3) / 1.2, 4, 0.9])  # row 0 does not count
    assert top[0, 0, 2].tolist() == pytest.approx([10, 6, 0.8]) and top[0, 0, 3:].abs().max() == 0


def test_peaks_of_a_single_map_by_four_neighbours():
    x = torch.zeros(2, 1, 4, 5).double()
    x[0, 0, 0, 2], x[0, 0, 1, 3], x[0, 0, 2, 3], x[0, 0, 3, 4] = 0.9, 0.4, 0.5, 0.8  # the last place is left out
    x[1, 0, 3, 0], x[1, 0, 3, 2], x[1, 0, 1, 1] = 0.7, 0.3, 0.6
    top = top_of("Nms", "nms_param { threshold: 0.3 num_peak: 2 }", x=x)
    assert top.shape == (2, 1, 3, 3)
    assert top[0, 0].tolist() == [[2, 0, 0], [2, 0, 0.9], [3, 2, 0.5]]
    assert top[1, 0].tolist() == [[2, 0, 0], [1, 1, 0.6], [0, 3, 0.7]]
    assert top_of("Nms", "", x=x).shape == (2, 1, 101, 3)


def test_no_more_than_asked_for():
    x = torch.zeros(1, 1, 5, 11).double()
    x[0, 0, 2, 1::2] = torch.tensor([0.5, 0.6, 0.7, 0.8, 0.9]).double()
    top = top_of("Nms", "nms_param { threshold: 0.2 max_peaks: 2 num_parts: 1 }", x=x)
    assert top[0, 0, :, 2].tolist() == pytest.approx([0, 0.5, 0.6]) and top[0, 0, 0, 0] == 5
    assert math.isclose(top[0, 0, 1, 1], 2)


@pytest.mark.parametrize(("kind", "param", "complaint"), [
    ("ImResize", "imresize_param { factor: 2 start_scale: 1.5 }", "they must be above 0 and at most 1"),
    ("ImResize", "imresize_param { target_spatial_width: 0 }", "has the size"),
    ("Nms", "nms_param { num_parts: 3 }", "wants 3 maps")])
def test_what_does_not_fit_is_refused(kind: str, param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, x=(2, 2, 8, 10))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_place_of_the_largest_value(phase):
    x = draw(2, 3, 4, 5) - 9
    x[1, 2, 3, 1], x[0, 0, 2, 4], x[0, 0, 3, 0] = 8, 7, 7
    top = top_of("Maximum", "", phase, x=x)
    assert top.shape == (2, 3, 1, 3)
    assert top[1, 2, 0].tolist() == [1, 3, 8] and top[0, 0, 0].tolist() == [4, 2, 7]
    column, row, value = top[0, 1, 0].tolist()
    assert value == x[0, 1].max().item() == x[0, 1, int(row), int(column)].item()
