"""ImageLabelDataIndexDet: images with labels of instances and detected boxes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError

LABELS = np.zeros((6, 9), np.uint8)
LABELS[1:3, 1:3], LABELS[3:5, 4:8], LABELS[0, 8] = 1, 2, 3
BOXES = "5\n0.75\n1 1 2 2\n9\n0.5\n4 3 7 4\n2\n0.25\n8 0 8 1\n0\n"


@pytest.fixture(autouse=True)
def images(tmp_path: Path) -> None:
    """Three images with the same labels; the boxes of the second are one too few to be three, the third has none."""
    for number, boxes in enumerate((BOXES, BOXES[: BOXES.index("2\n0.25")] + "0\n", "0\n")):
        Image.new("RGB", (9, 6), (number, 0, 0)).save(tmp_path / f"{number}.png")
        (tmp_path / "boxes").mkdir(exist_ok=True)
        (tmp_path / f"boxes/{number}.detections").write_text(boxes)
    Image.fromarray(LABELS).save(tmp_path / "l.png")
    (tmp_path / "images.txt").write_text("0.png\n1.png\n2.png\n")
    (tmp_path / "labels.txt").write_text("l.png\n" * 3)


def text(more: str = "", transform: str = "") -> str:
    tops = " ".join(f"top: '{top}'" for top in ("data", "label", "index", "boxes"))
    return (f"type: 'ImageLabelDataIndexDet' {tops} transform_param {{ {transform} }} image_label_data_param {{ "
            f"image_list_path: 'images.txt' label_list_path: 'labels.txt' box_dir: 'boxes' {more} }}")


def test_boxes_of_a_whole_image(make_feed: Callable[..., Feed]):
    """The third covers one column: invalid in TEST. The third image, without any, is passed over."""
    feed = make_feed(text("init_num_dets: 7 filename_in_idx: true"), "TEST")
    assert feed.shapes["boxes"] == (1, 7, 1, 6)
    batch = next(feed)
    wanted = [[5, 1, 1, 2, 2, 0.75], [9, 4, 3, 7, 4, 0.5], [2, 8, 0, 8, 1, 0]]
    assert batch["boxes"].shape == (1, 3, 1, 6) and batch["boxes"][0, :, 0].tolist() == wanted
    assert next(feed)["boxes"][0, :, 0].tolist() == wanted[:2]
    again = next(feed)
    assert again["index"].item() == 0 and again["boxes"][0, :, 0].tolist() == wanted


def test_boxes_are_cropped_and_counted_anew(tmp_path: Path, make_feed: Callable[..., Feed]):
    """A crop of 4 in all places of the first image: the labels say which instances are in it."""
    (tmp_path / "images.txt").write_text("0.png\n")
    (tmp_path / "labels.txt").write_text("l.png\n")
    feed = make_feed(text(transform="crop_size: 4 invalid_detection_mode: REMOVE"))
    whole = {tuple(LABELS[r : r + 4, c : c + 4].flatten()): (r, c) for r in range(3) for c in range(6)}
    classes, seen = [5, 9, 2], set()
    for _ in range(60):
        batch = next(feed)
        boxes, label = batch["boxes"][0, :, 0].numpy(), batch["label"][0, 0].numpy().astype(int)
        kept = [classes.index(int(box[0])) + 1 for box in boxes]
        assert sorted(set(label.flatten()) - {0}) == list(range(1, len(kept) + 1))
        old = np.array([0, *kept])[label]  # the numbers before
        row, column = whole[tuple(old.flatten())]
        places = {1: (1, 1, 2, 2), 2: (4, 3, 7, 4), 3: (8, 0, 8, 1)}
        for number, box in zip(kept, boxes):
            wanted = np.array(places[number]) - [column, row] * 2
            assert box[1:5].tolist() == wanted.clip(0, 3).tolist()
        seen.add((row, column))
    assert len(seen) > 8


def test_boxes_that_are_not_in_the_crop_have_no_score(make_feed: Callable[..., Feed]):
    """The middle 4 x 4: columns 2 to 5, rows 1 to 4. The third is above and to the right."""
    boxes = next(make_feed(text(transform="crop_size: 4"), "TEST"))["boxes"][0, :, 0]
    assert boxes.tolist() == [[5, 0, 0, 0, 1, 0], [9, 2, 2, 3, 3, 0.5], [2, 3, 0, 3, 0, 0]]


def test_boxes_change_with_the_size_and_the_margin(make_feed: Callable[..., Feed]):
    """Twice as large in 20 x 20: four rows above, one column to the left."""
    param = "rand_scale: true min_scale: 2 max_scale: 2 padding: ZERO"
    boxes = next(make_feed(text(param, "crop_size: 20"), "TEST"))["boxes"][0, :2, 0]
    assert boxes.tolist() == [[5, 3, 6, 5, 8, 0.75], [9, 9, 10, 15, 12, 0.5]]


def test_boxes_are_mirrored_with_the_image(make_feed: Callable[..., Feed]):
    feed = make_feed(text(transform="mirror: true"), "TEST")
    seen = set()
    for _ in range(30):
        batch = next(feed)
        flipped = bool((batch["label"][0, 0].numpy() == LABELS[:, ::-1]).all())
        assert batch["boxes"][0, 0, 0, 1:5].tolist() == ([6, 1, 7, 2] if flipped else [1, 1, 2, 2])
        seen.add(flipped)
    assert seen == {False, True}


def test_images_with_too_many_boxes_are_passed_over(make_feed: Callable[..., Feed]):
    assert next(make_feed(text("max_num_dets_allowed: 2"), "TEST"))["index"].item() == 1


def test_boxes_alone_change_in_training(make_feed: Callable[..., Feed]):
    """By up to a half of their sides of 4 and 2: the second keeps its centre within 2 and 1, and its size within 2 and 1."""
    feed = make_feed(text("random_box_perturb: true box_perturb_max_translate_percent: 50 box_perturb_max_scale_percent: 50"))
    second = np.array([next(feed)["boxes"][0, 1, 0, 1:5].tolist() for _ in range(40)])
    assert len(np.unique(second, axis=0)) > 4
    assert (np.abs(second - [4, 3, 7, 4]) <= 3).all()


@pytest.mark.parametrize(("more", "complaint"), [("batch_size: 2", "batches of one image, not of 2"),
                                                 ("init_num_dets: 0", "init_num_dets")])
def test_what_makes_no_sense_is_refused(make_feed: Callable[..., Feed], more: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        make_feed(text(more))


@pytest.mark.parametrize(("content", "complaint"), [
    ("5\n0.75\n1 1 2\n0\n", "the three lines from 1 on are no class"), ("five\n", "the three lines from 1 on")])
def test_a_wrong_file_of_boxes_is_an_error(tmp_path: Path, make_feed: Callable[..., Feed], content: str, complaint: str):
    (tmp_path / "boxes/0.detections").write_text(content)
    with pytest.raises(FileError, match=complaint):
        make_feed(text())


def test_a_list_without_any_box_is_an_error(tmp_path: Path, make_feed: Callable[..., Feed]):
    for number in (0, 1):
        (tmp_path / f"boxes/{number}.detections").write_text("0\n")
    with pytest.raises(SpecError, match="no boxes that are left"):
        make_feed(text())
