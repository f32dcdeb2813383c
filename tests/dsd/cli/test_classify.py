"""dsd-classify: classes and boxes of images, as tables and as JSON."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from commands import output_of
from PIL import Image

import netdef
from dsd.cli.classify import main
from netdef.pycaffe.classifier import Classifier

PYAPI = Path(__file__).parents[2] / "golden" / "pyapi"
NET = str(PYAPI / "cls.prototxt"), str(PYAPI / "cls.caffemodel")
PIXELS = np.random.default_rng(11).integers(0, 256, (12, 12, 3), dtype=np.uint8)
DETECTOR = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 10 dim: 20 } } }
layer { name: "pool" type: "Pooling" bottom: "data" top: "pool" pooling_param { pool: AVE global_pooling: true } }
layer { name: "prior" type: "PriorBox" bottom: "pool" bottom: "data" top: "prior" prior_box_param { min_size: 4 } }
layer { name: "loc" type: "InnerProduct" bottom: "pool" top: "loc" inner_product_param { num_output: 4 } }
layer { name: "conf" type: "InnerProduct" bottom: "pool" top: "conf" inner_product_param { num_output: 3 } }
layer { name: "out" type: "DetectionOutput" bottom: "loc" bottom: "conf" bottom: "prior" top: "out"
        detection_output_param { num_classes: 3 confidence_threshold: 0.01 nms_param { nms_threshold: 0.5 } } }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(PIXELS).save("one.png")
    Image.fromarray(PIXELS.max() - PIXELS).save("other.png")
    Path("labels.txt").write_text("n01 tench, Tinca tinca\nn02 [cat]\nn03 dog\nn04 ox\nn05 bee\n")
    return tmp_path


run = partial(output_of, main)


def answers(*arguments: str) -> list[dict]:
    return json.loads(run(*arguments, "--json"))


def probabilities(pixels):
    net = netdef.load(*NET[:1], weights=NET[1])
    image = (pixels[..., ::-1].transpose(2, 0, 1)[None] - np.array([10, 20, 30.5])[:, None, None]) * 0.01
    with torch.no_grad():
        return net(torch.from_numpy(np.float32(image)))["prob"][0].numpy()


def test_the_classes_of_images():
    found = answers(*NET, "one.png", "other.png", "--mean=10,20,30.5", "--scale=0.01", "--top=3", "--labels=labels.txt")
    assert [each["image"] for each in found] == ["one.png", "other.png"]
    for each, pixels in zip(found, (PIXELS, PIXELS.max() - PIXELS)):
        wanted = probabilities(pixels)
        order = np.argsort(-wanted)[:3]
        assert [one["class"] for one in each["predictions"]] == order.tolist()
        np.testing.assert_allclose([one["score"] for one in each["predictions"]], wanted[order], rtol=1e-5)
        names = Path("labels.txt").read_text().splitlines()
        assert [one["label"] for one in each["predictions"]] == [names[i] for i in order]


def test_a_table():
    shown = run(*NET, "one.png", "--mean=10,20,30.5", "--scale=0.01", "--labels=labels.txt")
    best = probabilities(PIXELS)
    assert "one.png" in shown and "n01 tench, Tinca tinca" in shown and "n02 [cat]" in shown
    assert f"{best.max():.4f}" in shown and len([line for line in shown.splitlines() if " n0" in line]) == 5


def test_ten_crops_are_those_of_the_classifier():
    found = answers(*NET, "one.png", "--oversample", "--size", "17", "15", "--mean=10,20,30.5", "--scale=0.01", "--top=9")
    classifier = Classifier(*NET, image_dims=(17, 15), mean=np.array([10, 20, 30.5]), raw_scale=255, input_scale=0.01,
                            channel_swap=(2, 1, 0))
    (wanted,) = classifier.predict([PIXELS / np.float32(255)])
    assert len(found[0]["predictions"]) == 5
    for one in found[0]["predictions"]:
        assert one["score"] == pytest.approx(wanted[one["class"]], rel=1e-4)


@pytest.fixture
def detector(folder):
    """Finds class 2 with 0.75 in a box of 4 by 4 in the middle of 10 by 20 pixels, and class 1 with 0.3."""
    net = netdef.loads(DETECTOR)
    for name, bias in (("loc", [0, 0, 0, 0]), ("conf", [0.05, 0.3, 0.75])):
        weight, bias_blob = net.params[name]
        weight.data.zero_()
        bias_blob.data[:] = torch.tensor(bias)
    Path("ssd.prototxt").write_text(DETECTOR)
    netdef.save_weights(net, "ssd.caffemodel")
    Image.new("RGB", (40, 30)).save("street.png")
    return "ssd.prototxt", "ssd.caffemodel", "street.png", "--detections"


def test_boxes_are_drawn_into_a_copy(detector):
    (found,) = answers(*detector)
    ((box),) = found["detections"]
    assert box["class"] == 2 and box["score"] == pytest.approx(0.75)
    assert box["box"] == pytest.approx([16, 9, 24, 21], abs=1e-4)  # 8 to 12 of 20, and 3 to 7 of 10
    pixels = np.asarray(Image.open("street_detections.png"))
    assert pixels.shape == (30, 40, 3) and (pixels[15, 16] == [255, 0, 0]).all() and not pixels[2].any()
    assert "street_detections.png" in run(*detector, status=2)
    shown = run(*detector, "--force", "--threshold=0.2")
    assert "0.7500" in shown and "0.3000" in shown and "16, 9, 24, 21" in shown


@pytest.mark.parametrize("arguments, complaint", [
    ((*NET, "absent.png"), "absent.png: No such file"),
    ((*NET, "labels.txt"), "labels.txt: holds an image that cannot be decoded"),
    ((*NET, "labels.txt", "--oversample"), "labels.txt: holds an image that cannot be decoded"),
    ((*NET, "one.png", "--labels=short.txt"), "short.txt has 2 lines; the net has 5 classes"),
    ((*NET, "one.png", "--mean=1,2"), "--mean 1,2 has shape (2, 1, 1); the net's images have 3 channels"),
    ((*NET, "one.png", "--detections"), "output `prob` has shape (1, 5); --detections wants that of DetectionOutput"),
    ((*NET, "one.png", "--detections", "--oversample"), "--oversample is for classes"),
    ((*NET, "one.png", "sub/one.png", "--detections"), "two images would have the same copy, one_detections.png"),
    (("train.prototxt", NET[1], "one.png"), "has data layers; one input that takes images is wanted"),
])
def test_what_cannot_be_answered(arguments, complaint):
    Path("short.txt").write_text("a\nb\n")
    Path("train.prototxt").write_text('layer { name: "d" type: "MemoryData" top: "d" top: "l" '
                                      "memory_data_param { batch_size: 1 channels: 3 height: 4 width: 5 } }")
    assert complaint in run(*arguments, status=2).replace("\n", " ")


def test_scores_that_are_not_finite_are_an_error():
    net = netdef.load(NET[0], weights=NET[1])
    blobs = next(iter(net.params.values()))
    with torch.no_grad():
        blobs[0][0, 0, 0, 0] = float("nan")
    netdef.save_weights(net, "broken.caffemodel")
    said = run(NET[0], "broken.caffemodel", "one.png", status=1)
    assert "output `prob` is not finite\n  forward pass, layer `" in said and "NaN" in said
    assert run(NET[0], "broken.caffemodel", "one.png", "--json", status=1).lstrip()[0] != "["
