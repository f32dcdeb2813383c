"""RandomImageData2: images of people with the coordinates of their joints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError

SIZES = [(8, 6), (4, 10), (6, 6)]  # widths and heights


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Three images of one colour in two lists; two joints, which change places in mirrored ones."""
    for folder, numbers in (("a", [0, 1]), ("b", [2])):
        (tmp_path / folder).mkdir()
        lines = []
        for number in numbers:
            width, height = SIZES[number]
            Image.new("RGB", (width, height), (200, 100 + number, 50)).save(tmp_path / folder / f"{number}.png")
            lines.append(f"{number} person {number} 1.5 3 {number + 0.5}\n")
        (tmp_path / f"{folder}.txt").write_text("".join(lines))
    (tmp_path / "orders.txt").write_text("2\n0 1\n1 0\n")
    return tmp_path


def layer(more: str = "", transform: str = "", batch: int = 3, tops: str = "top: 'data' top: 'joints' top: 'infos'") -> str:
    return (f"type: 'RandomImageData2' {tops} transform_param {{ {transform} }} random_image_data2_param {{ source: 'a.txt' "
            f"source: 'b.txt' root_folder: 'a/' root_folder: 'b/' batch_size: {batch} label_num: 4 img_ext: '.png' "
            f"parts_orders_path: 'orders.txt' {more} }}")


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_images_stand_in_the_top_left_corner(files: Path, make_feed: Callable[..., Feed], phase: str):
    feed = make_feed(layer(transform="mean_value: 1 mean_value: 2 mean_value: 3"), phase)
    assert feed.shapes == {"data": (3, 3, 6, 8), "joints": (3, 4, 1, 1), "infos": (3, 5, 1, 1)}
    batch = next(feed)
    assert batch["data"].shape == (3, 3, 10, 8)
    for number, (width, height) in enumerate(SIZES):
        inside = batch["data"][number, :, :height, :width]
        assert [float(plane.unique()) for plane in inside] == [49, 98 + number, 197]  # blue first
        assert batch["data"][number].sum() == inside.sum()
        assert batch["joints"][number].flatten().tolist() == [number, 1.5, 3, number + 0.5]
        assert batch["infos"][number].flatten().tolist() == [number, width, height, 1, 0]


def test_the_longer_side_becomes_the_largest(files: Path, make_feed: Callable[..., Feed]):
    """12 over 8, 10 and 6: 12 x 9, 4 x 12 (4.8 is cut) and 12 x 12."""
    batch = next(make_feed(layer("is_scale_image: true always_max_size: true max_size: 12 min_size: 4"), "TEST"))
    assert batch["data"].shape == (3, 3, 12, 12)
    widths = [[int((plane != 0).any(axis).sum()) for axis in (0, 1)] for plane in batch["data"][:, 0].numpy()]
    assert widths == [[12, 9], [4, 12], [12, 12]]
    np.testing.assert_allclose(batch["infos"][:, 3].flatten(), [1.5, 1.2, 2])
    np.testing.assert_allclose(batch["joints"][1].flatten(), np.array([1, 1.5, 3, 1.5]) * 1.2, rtol=1e-6)


def test_the_shorter_side_becomes_one_of_several(files: Path, make_feed: Callable[..., Feed]):
    """Of 8 x 6: 9 over 6, or 12 over 6, which would make 16, above 14: 14 over 8."""
    feed = make_feed(layer("is_scale_image: true always_max_size: false max_size: 14 min_size: 9 min_size: 12"), "TRAIN")
    factors = {float(next(feed)["infos"][0, 3]) for _ in range(30)}
    assert factors == {1.5, 1.75}


def test_mirrored_images_have_mirrored_joints_in_the_other_order(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(layer(transform="mirror: true"), "TRAIN")
    seen = set()
    for _ in range(20):
        batch = next(feed)
        for number, (width, _) in enumerate(SIZES):
            mirrored = bool(batch["infos"][number, 4])
            first, second = (float(number), 1.5), (3.0, number + 0.5)
            wanted = [*first, *second] if not mirrored else [width - 1 - 3, number + 0.5, width - 1 - number, 1.5]
            assert batch["joints"][number].flatten().tolist() == wanted
            seen.add(mirrored)
    assert seen == {True, False}


def test_one_top_takes_lists_without_joints(files: Path, make_feed: Callable[..., Feed]):
    for name in "ab":
        path = files / f"{name}.txt"
        path.write_text("".join(f"{line.split()[0]} person\n" for line in path.read_text().splitlines()))
    assert list(next(make_feed(layer(tops="top: 'data'"), "TEST"))) == ["data"]


@pytest.mark.parametrize(("text", "complaint"), [
    (layer(tops="top: 'data' top: 'joints'"), "takes 1 or 3 tops, the text gives 2"),
    (layer("root_folder: 'c/'"), "has 2 `source` and 3 `root_folder`"),
    (layer("is_color: false"), "has `is_color: false`, which is not implemented"),
    (layer(transform="crop_size: 3"), "has a `crop_size`, which its fork refuses"),
    (layer("is_scale_image: true always_max_size: true"), r"has `min_size` \[\]; it needs one or more"),
])
def test_bad_settings_are_refused(files: Path, make_feed: Callable[..., Feed], text: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        make_feed(text, "TRAIN")


def test_bad_orders_are_an_error(files: Path, make_feed: Callable[..., Feed]):
    (files / "orders.txt").write_text("2\n0 1\n0 0\n")
    with pytest.raises(FileError, match="has no two orders of 2 joints"):
        make_feed(layer(), "TRAIN")
