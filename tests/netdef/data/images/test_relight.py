"""Changes of light along principal components."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import SpecError

LIGHT = ("eigen_value: 10 eigen_value: 2 eigen_value: 1 eigen_vector_component: [0.5, 0.25, 0, 1, -1, 2, 0, 3, 1] "
         "relight_filler {{ {} }}")


def feed_of(make_feed: Callable[..., Feed], folder: Path, transform: str, phase: str = "TRAIN") -> Feed:
    Image.fromarray(np.full((4, 5, 3), 100, np.uint8)).save(folder / "a.png")
    (folder / "list.txt").write_text("a.png 0\n")
    return make_feed("type: 'ImageData' top: 'data' image_data_param { source: 'list.txt' batch_size: 6 } "
                     f"transform_param {{ {transform} }}", phase)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_factor_of_every_component_is_added_last(tmp_path: Path, make_feed: Callable[..., Feed], phase: str):
    """0.5 times 10, 2 and 1 times the three rows: 2.5 + 1 + 0, 1.25 - 1 + 1.5, 0 + 2 + 0.5."""
    feed = feed_of(make_feed, tmp_path, "scale: 0.1 mean_value: 40 " + LIGHT.format('type: "constant" value: 0.5'), phase)
    data = next(feed)["data"].numpy()
    np.testing.assert_allclose(data, np.broadcast_to(np.reshape([9.5, 7.75, 8.5], (3, 1, 1)), (6, 3, 4, 5)), rtol=1e-6)


@pytest.mark.parametrize(("filler", "mean", "deviation"), [
    ('type: "gaussian" mean: 1 std: 0.25', 1, 0.25), ('type: "uniform" min: -1 max: 3', 1, 4 / 12**0.5)])
def test_factors_are_drawn_for_each_image(
    tmp_path: Path, make_feed: Callable[..., Feed], filler: str, mean: float, deviation: float
):
    feed = feed_of(make_feed, tmp_path, "mirror: true " + LIGHT.format(filler))
    shifts = np.concatenate([next(feed)["data"].numpy() for _ in range(200)]) - 100
    assert (shifts == shifts[:, :, :1, :1]).all()
    rows = np.array([[0.5, 0.25, 0], [1, -1, 2], [0, 3, 1]]) * [[10], [2], [1]]
    factors = shifts[:, :, 0, 0] @ np.linalg.inv(rows)
    np.testing.assert_allclose(factors.mean(0), [mean] * 3, atol=5 * deviation / 1200**0.5)
    np.testing.assert_allclose(factors.std(0), [deviation] * 3, rtol=0.1)
    assert abs(np.corrcoef(factors.T) - np.eye(3)).max() < 0.15


@pytest.mark.parametrize(("text", "complaint"), [
    ("eigen_value: 1 eigen_vector_component: 1", "has 1 eigen_value for images of 3 channels"),
    ("eigen_value: 1 eigen_value: 1", "it wants 4"),
    (LIGHT.format('type: "xavier"'), "a `relight_filler` of type `xavier`")])
def test_what_does_not_fit_is_refused(tmp_path: Path, make_feed: Callable[..., Feed], text: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        feed_of(make_feed, tmp_path, text)
