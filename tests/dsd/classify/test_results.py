"""Classes, boxes and labels of an image."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from dsd.classify.results import Detection, Labels, Prediction, best, detections, draw
from netdef.errors import FileError, NetdefError


def test_labels_of_a_file_and_numbers_without_one(tmp_path):
    path = tmp_path / "labels.txt"
    path.write_bytes(b"\xef\xbb\xbftench\r\ngoldfish, Carassius\r\n")
    labels = Labels.read(str(path))
    assert labels.names == ("tench", "goldfish, Carassius")
    assert (labels[1], labels[2], labels[-1], Labels()[7]) == ("goldfish, Carassius", "2", "-1", "7")
    labels.check(2)
    Labels().check(9)
    with pytest.raises(NetdefError, match="labels.txt has 2 lines; the net has 5 classes"):
        labels.check(5)
    with pytest.raises(FileError, match="absent.txt: No such file"):
        Labels.read(str(tmp_path / "absent.txt"))


def test_the_best_classes_of_equal_scores_the_first():
    found = best(np.array([0.25, 0.5, 0.125, 0.5], np.float32), 3, Labels(("a", "b", "c", "d")))
    assert found == [Prediction(1, "b", 0.5), Prediction(3, "d", 0.5), Prediction(0, "a", 0.25)]
    assert found[1].as_dict() == {"class": 3, "label": "d", "score": 0.5}
    assert len(best(np.array([1.0, 2.0]), 5, Labels())) == 2


ROWS = np.array([
    [0, 2, 0.5, 0.25, 0.5, 0.75, 1],
    [0, 1, 0.875, 0, 0, 0.5, 0.125],
    [0, 2, 0.25, 0, 0, 1, 1],
    [0, -1, 0.9, 0, 0, 1, 1],  # what DetectionOutput gives where it found nothing
])


def test_boxes_are_in_pixels_and_at_least_as_sure_as_asked():
    """Of an image of 80 rows and 40 columns."""
    found = detections(ROWS, (80, 40), 0.5, Labels())
    assert found == [Detection(1, "1", 0.875, (0, 0, 20, 10)), Detection(2, "2", 0.5, (10, 40, 30, 80))]
    assert found[1].as_dict() == {"class": 2, "label": "2", "score": 0.5, "box": [10, 40, 30, 80]}
    assert len(detections(ROWS, (80, 40), 0, Labels())) == 3


def test_boxes_are_drawn_into_a_copy_whichever_corners_they_name(tmp_path):
    Image.new("L", (30, 20)).save(tmp_path / "in.png")
    draw(tmp_path / "in.png", [Detection(1, "x", 0.5, (25, 15, 5, 4))], tmp_path / "out.png")
    pixels = np.asarray(Image.open(tmp_path / "out.png"))
    assert pixels.shape == (20, 30, 3) and np.asarray(Image.open(tmp_path / "in.png")).max() == 0
    for row, column in ((4, 5), (15, 25), (4, 25), (15, 5)):
        assert pixels[row, column].tolist() == [255, 0, 0]
    assert not pixels[:4].any() and not pixels[:, 26:].any()
