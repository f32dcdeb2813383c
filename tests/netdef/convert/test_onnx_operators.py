"""Detection layers in ONNX: the same rows in the same order as the layers give."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import netdef
from netdef.convert.exported import run_onnx, save_exported, save_onnx
from netdef.convert.inputs import random_inputs
from netdef.errors import NetdefError
from netdef.layers.detection.boxes import survivors

pytest.importorskip("onnxruntime")
pytestmark = pytest.mark.slow
ROWS, COLUMNS, CLASSES = 5, 6, 4


def detector(param: str, shared: bool = True) -> netdef.Net:
    """One prior a place, a third of the image wide and high."""
    priors = ROWS * COLUMNS
    return netdef.loads(f"""
        layer {{ name: "in" type: "Input" top: "loc" top: "conf" input_param {{
            shape {{ dim: 2 dim: {priors * 4 * (1 if shared else CLASSES)} }} shape {{ dim: 2 dim: {priors * CLASSES} }} }} }}
        layer {{ name: "map" type: "Reshape" bottom: "loc" top: "map"
            reshape_param {{ shape {{ dim: 0 dim: -1 dim: {ROWS} dim: {COLUMNS} }} }} }}
        layer {{ name: "prior" type: "PriorBox" bottom: "map" bottom: "map" top: "prior"
            prior_box_param {{ min_size: 20 img_size: 60 variance: 0.1 }} }}
        layer {{ name: "found" type: "DetectionOutput" bottom: "loc" bottom: "conf" bottom: "prior" top: "found"
            detection_output_param {{ num_classes: {CLASSES} share_location: {str(shared).lower()} {param} }} }}""")


def predictions(net: netdef.Net, images: int, seed: int, steps: int = 0) -> dict[str, Tensor]:
    """Random ones; with ``steps`` the scores are multiples of 1 / steps, many of them equal."""
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(images, ROWS * COLUMNS, CLASSES, generator=generator).softmax(2)
    return {"loc": torch.randn(images, net.shapes["loc"][1], generator=generator) * 2,
            "conf": ((scores * steps).round() / steps if steps else scores).flatten(1)}


@pytest.mark.parametrize("shared, param", [
    (True, "confidence_threshold: 0.3 nms_param { nms_threshold: 0.45 top_k: 9 } keep_top_k: 13 code_type: CENTER_SIZE"),
    (False, "confidence_threshold: 0.01 nms_param { nms_threshold: 0.3 } code_type: CENTER_SIZE"),
    (True, "background_label_id: -1 nms_param { nms_threshold: 0.2 } code_type: CORNER"),  # inverted boxes among them
])
def test_detections_in_onnx(tmp_path, shared, param):
    net = detector(param, shared=shared)
    assert save_onnx(net, tmp_path / "net.onnx") is None
    given = [predictions(net, images, seed, steps)
             for seed, (images, steps) in enumerate([(2, 0), (2, 0), (3, 0), (1, 0), (2, 5), (3, 5)])]
    nothing = {"loc": given[0]["loc"], "conf": torch.zeros_like(given[0]["conf"])}
    for inputs in (*given, nothing):
        wanted = net(**inputs)["found"]
        found = run_onnx(tmp_path / "net.onnx", inputs, ["found"])["found"]
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("param", [
    "max_rois: 20 pre_nms_topn: 50 rpn_min_size: 24 feat_stride: 8",  # small ones are dropped
    "ratio: 1 ratio: 0.5 scale: 1 scale: 2 scale: 3 min_size: 20 post_nms_topn: 30 feat_stride: 8",  # or have the score 0
])
def test_regions_and_their_pooling_in_onnx(tmp_path, param):
    anchors, info = (6, 4) if "ratio" in param else (9, 3)
    maps = [(2, 2 * anchors, 6, 9), (2, 4 * anchors, 6, 9), (2, info), (2, 12, 6, 9)]
    shapes = " ".join(f"shape {{ {' '.join(f'dim: {size}' for size in shape)} }}" for shape in maps)
    net = netdef.loads(f"""
        layer {{ name: "in" type: "Input" top: "s" top: "o" top: "i" top: "x" input_param {{ {shapes} }} }}
        layer {{ name: "p" type: "Proposal" bottom: "s" bottom: "o" bottom: "i" top: "r" top: "c" proposal_param {{ {param} }} }}
        layer {{ name: "max" type: "ROIPooling" bottom: "x" bottom: "r" top: "max"
            roi_pooling_param {{ pooled_h: 3 pooled_w: 4 spatial_scale: 0.125 }} }}
        layer {{ name: "mean" type: "PSROIPooling" bottom: "x" bottom: "r" top: "mean"
            psroi_pooling_param {{ output_dim: 3 group_size: 2 spatial_scale: 0.125 }} }}
        layer {{ name: "ip" type: "InnerProduct" bottom: "max" top: "ip"
            inner_product_param {{ num_output: 5 weight_filler {{ type: "xavier" }} }} }}""")
    save_onnx(net, tmp_path / "net.onnx", every_blob=True)
    for seed in range(4):
        inputs = random_inputs(net, seed)
        wanted = net.activations(**inputs)
        found = run_onnx(tmp_path / "net.onnx", inputs, ["r", "c", "max", "mean", "ip"])
        assert 2 < len(wanted["r"]) and set(wanted["r"][:, 0].tolist()) == {0, 1}
        for name, blob in found.items():
            torch.testing.assert_close(blob, wanted[name].detach(), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("layer", [
    """type: "YoloDetectionOutput" yolo_detection_output_param { num_classes: 3 num_box: 2 confidence_threshold: 0.2
       nms_threshold: 0.3 biases: 1.5 biases: 0.5 biases: 2 biases: 3 }""",
    """type: "Yolov3DetectionOutput" bottom: "b" yolov3_detection_output_param { num_classes: 3 num_box: 2 biases: 10 biases: 14
       biases: 37 biases: 58 mask: 1 mask: 0 mask: 0 mask: 1 anchors_scale: 32 anchors_scale: 16 mask_group_num: 2 }""",
])
def test_yolo_in_onnx(tmp_path, layer):
    net = netdef.loads(f"""
        layer {{ name: "in" type: "Input" top: "a" top: "b" input_param {{
            shape {{ dim: 2 dim: 16 dim: 3 dim: 5 }} shape {{ dim: 2 dim: 16 dim: 6 dim: 10 }} }} }}
        layer {{ name: "pool" type: "Pooling" bottom: "b" top: "half" pooling_param {{ kernel_size: 2 stride: 2 }} }}
        layer {{ name: "sum" type: "Eltwise" bottom: "a" bottom: "half" top: "sum" }}
        layer {{ name: "found" bottom: "sum" top: "found" {layer} }}""")
    assert save_onnx(net, tmp_path / "net.onnx") is None
    for images in (2, 3):
        inputs = {name: torch.randn(images, *net.shapes[name][1:]) * 2 for name in net.inputs}
        wanted = net(**inputs)["found"]
        assert wanted.shape[2] > images
        torch.testing.assert_close(
            run_onnx(tmp_path / "net.onnx", inputs, ["found"])["found"], wanted, rtol=1e-5, atol=1e-5)


def test_the_layers_are_as_before(tmp_path):
    net = detector("nms_param { nms_threshold: 0.3 }")
    save_onnx(net, tmp_path / "net.onnx")
    assert net.layers["found"].survivors is survivors


@pytest.mark.parametrize("save, param", [
    (save_onnx, "nms_param { nms_threshold: 0.6 eta: 0.9 }"),  # NonMaxSuppression has one threshold for all boxes
    (save_exported, "nms_param { nms_threshold: 0.6 }"),
])
def test_what_has_no_operator_is_refused(tmp_path, save, param):
    with pytest.raises(NetdefError, match=r"what `found` \(DetectionOutput\) does depends on the data"):
        save(detector(param), tmp_path / "net")
