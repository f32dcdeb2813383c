"""ImageLabelmapData: images with edge maps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import SpecError

EDGES = np.array([[0, 127, 128, 255, 60], [255, 200, 100, 1, 129], [50, 129, 0, 90, 254], [3, 4, 130, 5, 6]], np.uint8)


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """An image whose grey values are those of its edge map, and a larger pair."""
    Image.fromarray(np.stack([EDGES] * 3, 2)).save(tmp_path / "a.jpg.png")
    Image.fromarray(EDGES).save(tmp_path / "a.png")
    Image.new("RGB", (3, 7)).save(tmp_path / "b.png")
    (tmp_path / "pairs.lst").write_text("a.jpg.png a.png\n")
    (tmp_path / "uneven.lst").write_text("a.jpg.png b.png\n")
    return tmp_path


def layer(more: str = "", transform: str = "", source: str = "pairs.lst") -> str:
    return (f"type: 'ImageLabelmapData' top: 'data' top: 'label' transform_param {{ {transform} }} "
            f"image_data_param {{ source: '{source}' {more} }}")


def test_edges_are_ones_from_128_on(pairs: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(layer(transform="mean_value: 3 scale: 2"))
    assert feed.shapes == {"data": (1, 3, 4, 5), "label": (1, 1, 4, 5)}
    batch = next(feed)
    np.testing.assert_array_equal(batch["data"][0, 1], (EDGES - np.float32(3)) * 2)
    assert batch["label"][0, 0].tolist() == [[0, 0, 1, 1, 0], [1, 1, 0, 0, 1], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0]]


def test_images_and_maps_are_resized_before_edges_are_found(pairs: Path, make_feed: Callable[..., Feed]):
    """OpenCV's half of a size is the average of two by two places, rounded."""
    Image.fromarray(EDGES[:, :4]).save(pairs / "a.png")
    Image.fromarray(np.stack([EDGES[:, :4]] * 3, 2)).save(pairs / "a.jpg.png")
    batch = next(make_feed(layer("new_height: 2 new_width: 2")))
    means = (EDGES[:, :4].astype(int).reshape(2, 2, 2, 2).sum((1, 3)) + 2) // 4
    assert means.tolist() == [[146, 121], [47, 56]]
    np.testing.assert_array_equal(batch["data"][0, 2], means)
    assert batch["label"][0, 0].tolist() == [[1, 0], [0, 0]]


def test_both_are_cropped_and_mirrored_alike(pairs: Path, make_feed: Callable[..., Feed]):
    feed, seen = make_feed(layer(transform="crop_size: 2 mirror: true")), set()
    for _ in range(40):
        batch = next(feed)
        np.testing.assert_array_equal(batch["label"][0, 0], batch["data"][0, 0] >= 128)
        seen.add(tuple(batch["data"][0, 0].flatten().tolist()))
    assert len(seen) > 8


def test_sizes_that_differ_are_refused(pairs: Path, make_feed: Callable[..., Feed]):
    with pytest.raises(SpecError, match="is of 4 x 5, its labels of 7 x 3"):
        make_feed(layer(source="uneven.lst"))
