"""Average precision by hand."""

from __future__ import annotations

import pytest
import torch

from dsd.evaluate.average_precision import average_precision, mean_average_precision

# By falling score: true, false, true, true, false; four boxes in all.
RANKED = [(0.9, 1), (0.8, 0), (0.7, 1), (0.6, 1), (0.5, 0)]


@pytest.mark.parametrize(("version", "expected"), [
    ("Integral", 1 / 4 * 1 + 1 / 4 * 2 / 3 + 1 / 4 * 3 / 4),
    ("MaxIntegral", 1 / 4 * 1 + 2 / 4 * 3 / 4),
    ("11point", (3 * 1 + 5 * 3 / 4) / 11),  # recalls 0, 0.1, 0.2; 0.3 to 0.7; none has 0.8
])
def test_average_precision_of_one_class(version: str, expected: float):
    shuffled = [RANKED[i] for i in (3, 0, 4, 2, 1)]
    assert average_precision(shuffled, 4, version) == pytest.approx(expected)


@pytest.mark.parametrize("version", ["Integral", "MaxIntegral", "11point"])
def test_precision_without_detections_or_boxes_is_0(version: str):
    assert average_precision([], 4, version) == average_precision(RANKED[1:2], 0, version) == 0
    assert average_precision([(0.5, 1)], 1, version) == pytest.approx(1)


def test_the_mean_is_over_all_classes_and_batches():
    """Class 1 has RANKED in two batches; class 2 no detection, class 3 no box. Neither true nor false does not count."""
    def rows(counts, found):
        return torch.tensor([*([-1, c, n, -1, -1] for c, n in counts), *found])[None, None]
    first = rows([(1, 3), (2, 1), (3, 0)], [[0, 1, s, hit, 1 - hit] for s, hit in RANKED[::2]] + [[0, 1, 0.95, 0, 0.0]])
    second = rows([(1, 1), (2, 0), (3, 0)], [[5, 1, s, hit, 1 - hit] for s, hit in RANKED[1::2]] + [[0, -1, -1, 0, 1.0]])
    expected = average_precision(RANKED, 4, "11point") / 3
    assert mean_average_precision([first, second], "11point") == pytest.approx(expected)
