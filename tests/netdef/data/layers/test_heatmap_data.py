"""DataHeatmap: images with maps of their joints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError

HEIGHT, WIDTH, CROP = 8, 10, 6


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Five black images with a white pixel where the first joint is, and their list; joints are halves of pixels."""
    lines = []
    for number in range(5):
        x, y = 4 + number % 2, 3
        pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        pixels[y, x] = 200, 100 + number, 50
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        lines.append(f"{number}.png {x / 2},{y / 2},1,2 0,1,0,1 {number % 2}\n")
    (tmp_path / "joints.txt").write_text("".join(lines))
    return tmp_path


def peak(plane: torch.Tensor) -> tuple[int, int]:
    """Row and column of the greatest value."""
    return divmod(int(plane.argmax()), plane.shape[1])


def heatmaps(more: str = "", batch: int = 2, maps: str = "label_height: 6 label_width: 7") -> str:
    return ("type: 'DataHeatmap' top: 'data' top: 'label' heatmap_data_param { source: 'joints.txt' multfact: 2 "
            f"batchsize: {batch} cropsize: {CROP} outsize: {CROP} {maps} {more} }}")


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_middle_of_images_with_maps(files: Path, make_feed: Callable[..., Feed], phase: str):
    feed = make_feed(heatmaps("scale: 0.5"), phase)
    assert feed.shapes == {"data": (2, 3, CROP, CROP), "label": (2, 2, 6, 7)}
    batch = next(feed)
    for number in (0, 1):
        x, y = 4 + number - 2, 3 - 1
        expected = np.zeros((3, CROP, CROP), np.float32)
        expected[:, y, x] = 100, (100 + number) / 2, 25  # red first
        np.testing.assert_array_equal(batch["data"][number], expected)
        assert peak(batch["label"][number, 0]) == (y, x)
    assert peak(batch["label"][0, 1]) == (4 - 1, 0)  # x 2 - 2, y 4 - 1


def test_random_crops_and_mirrors_keep_joints_with_their_pixels(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(heatmaps("random_crop: true flip_joint_labels: false"), "TEST")
    places, shifts = set(), set()
    for _ in range(60):
        batch = next(feed)
        for image, label in zip(batch["data"], batch["label"]):
            row, column = peak(image[0])
            y, x = peak(label[0])
            assert y == row
            places.add((row, column))
            shifts.add(x - column)
    assert shifts == {0, 1}  # a mirrored joint is at width - x, as in the fork
    assert {row for row, _ in places} == {1, 2, 3} and len({column for _, column in places}) > 4


def test_mirrored_pairs_change_places(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(heatmaps("random_crop: true dont_flip_first: false"), "TRAIN")
    below = {peak(label[1])[0] - peak(label[0])[0] for _ in range(20) for label in next(feed)["label"]}
    assert below == {1, -1}  # the second joint is a row below the first


def test_images_are_turned(files: Path, make_feed: Callable[..., Feed]):
    still = next(make_feed(heatmaps("random_crop: true"), "TRAIN"))
    turned = next(make_feed(heatmaps("random_crop: true angle_max: 30"), "TRAIN"))
    assert (still["data"] > 0).sum() == 6 and (turned["data"] > 0).sum() > 6


def test_each_cluster_in_turn(files: Path, make_feed: Callable[..., Feed]):
    """Cluster 0 is of images 0, 2, 4 and cluster 1 of 1, 3."""
    feed = make_feed(heatmaps("sample_per_cluster: true", batch=3), "TRAIN")
    numbers = [int(image[1].max()) - 100 for _ in range(4) for image in next(feed)["data"]]
    assert {n % 2 for n in numbers[::2]} == {0} and {n % 2 for n in numbers[1::2]} == {1}
    steps = [(b - a) % 6 for a, b in zip(numbers[::2], numbers[2::2])]
    assert set(steps) == {2} and numbers[1] != numbers[3] == numbers[7]


def test_chosen_numbers(files: Path, make_feed: Callable[..., Feed]):
    batch = next(make_feed(heatmaps("labelinds: '3,4'")))
    assert batch["label"].shape == (2, 1, 6, 7)
    assert peak(batch["label"][0, 0]) == (3, 0)


def test_narrow_images_get_zeros_at_the_right(files: Path, make_feed: Callable[..., Feed]):
    Image.fromarray(np.full((HEIGHT, 4, 3), 9, np.uint8)).save(files / "0.png")
    batch = next(make_feed(heatmaps()))
    assert (batch["data"][0, :, :, :4] == 9).all() and (batch["data"][0, :, :, 4:] == 0).all()


@pytest.mark.parametrize("line, words", [
    ("0.png 1,2,3 0 0", "3 numbers of joints"), ("0.png 1,x 0 0", "it wants numbers"), ("0.png 1,2 0", "3 words; it wants 4")])
def test_lists_that_are_wrong(files: Path, make_feed: Callable[..., Feed], line: str, words: str):
    (files / "joints.txt").write_text(line)
    with pytest.raises((SpecError, FileError), match=words):
        make_feed(heatmaps())


@pytest.mark.parametrize("more, words", [
    ("segmentation: true", "`segmentation`"), ("meanfile: 'm'", "`meanfile`"), ("labelinds: '1,b'", "`labelinds`"),
    ("angle_max: -1", "angle_max"), ("labelinds: '9'", "has 4 numbers")])
def test_fields_that_are_wrong(files: Path, make_feed: Callable[..., Feed], more: str, words: str):
    with pytest.raises(SpecError, match=words):
        make_feed(heatmaps(more))


def test_images_with_too_few_rows_are_an_error(files: Path, make_feed: Callable[..., Feed]):
    Image.fromarray(np.zeros((5, WIDTH, 3), np.uint8)).save(files / "0.png")
    with pytest.raises(SpecError, match="has 5 rows; `cropsize` is 6"):
        make_feed(heatmaps())
