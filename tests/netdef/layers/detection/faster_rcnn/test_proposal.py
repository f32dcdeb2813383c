"""Proposal of the C++ forks, and as a replacement of py-faster-rcnn's Python layer."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef
from netdef.errors import SpecError
from netdef.layers.detection.faster_rcnn.anchors import make_anchors

PYTHON = "python_param { module: 'rpn.proposal_layer' layer: 'ProposalLayer' param_str: \"%s\" }"
ONE = "ratio: 1 scale: 1 base_size: 16 feat_stride: 16"  # a box of 16 x 16 pixels at each place


def plane(*chances: list[float]) -> torch.Tensor:
    """Scores (1, 2, H, W) of one anchor, whose background is never read."""
    objects = torch.tensor([chances], dtype=torch.float64)
    return torch.stack((torch.full_like(objects[0], 9), objects[0]))[None]


def propose(param: str, scores: torch.Tensor, offsets: torch.Tensor, info: list[float], tops: int = 1):
    return tops_of("Proposal", f"proposal_param {{ {param} }}", tops, s=scores, o=offsets,
                   i=torch.tensor([info]).double())


def test_the_best_boxes_moved_and_clipped():
    """Boxes of 16 pixels at columns 0, 16 and 32; the second moved by a quarter and doubled in height."""
    offsets = torch.zeros(1, 4, 1, 3).double()
    offsets[0, :, 0, 1] = torch.tensor([0.25, 0, 0, math.log(2)])
    found, scores = propose(f"{ONE} min_size: 2", plane([0.2, 0.9, 0.5]), offsets, [12, 40, 1, 1], tops=2)
    # The second: centre 24 + 4 and 8, sides 16 and 32; clipped to rows 0 to 11 and columns 0 to 39.
    assert found.tolist() == [[0, 20, 0, 36, 11], [0, 32, 0, 39, 11], [0, 0, 0, 16, 11]]
    assert scores.tolist() == [0.9, 0.5, 0.2]


def test_overlapping_boxes_are_suppressed_and_counted():
    """Steps of 4 pixels: neighbours share 12 of 20 columns, 0.65 with both corners counted; every second one 0.36."""
    offsets, scores = torch.zeros(1, 4, 1, 4).double(), plane([0.9, 0.8, 0.7, 0.6])
    size = [400, 400, 1, 1]

    def starts(param):
        return propose(f"ratio: 1 scale: 1 feat_stride: 4 min_size: 1 {param}", scores, offsets, size)[0][:, 1].tolist()

    assert starts("nms_thresh: 0.7") == [0, 4, 8, 12]
    assert starts("nms_thresh: 0.5") == [0, 8]
    assert starts("nms_thresh: 0.3") == [0, 12]
    assert starts("nms_thresh: 0.7 post_nms_topn: 3") == [0, 4, 8]
    assert starts("nms_thresh: 0.5 pre_nms_topn: 2") == [0]


def test_small_boxes_have_no_score_or_are_dropped():
    """The first is 8 pixels wide once clipped; the image was enlarged twice, so 5 of its pixels are 10 now."""
    scores, offsets = plane([0.9, 0.8]), torch.zeros(1, 4, 1, 2).double()
    offsets[0, 0, 0, 0] = -0.5
    found, chances = propose(f"{ONE} min_size: 5", scores, offsets, [90, 90, 1, 2], tops=2)
    assert found[:, 1].tolist() == [16, 0] and chances.tolist() == [0.8, 0]
    param = "anchor_scale: 1 anchor_ratio: 1 anchor_base_size: 1 rpn_min_size: 8"  # boxes of 32 x 32 about 0.5 and 16.5
    found, chances = propose(param, scores, offsets, [90, 90, 2], tops=2)
    assert found[:, 1:].tolist() == [[0.5, 0, 32.5, 16.5]] and chances.tolist() == [[0.8]]


def test_each_image_has_its_own_regions():
    scores = torch.cat((plane([0.9, 0.1]), plane([0.2, 0.7])))
    offsets = torch.zeros(2, 4, 1, 2).double()
    found = tops_of("Proposal", f"proposal_param {{ {ONE} post_nms_topn: 1 }}", 1, s=scores, o=offsets,
                    i=torch.tensor([[90.0, 90, 1, 1], [12, 90, 0.5, 0.5]]).double())[0]
    assert found.tolist() == [[0, 0, 0, 16, 16], [1, 16, 0, 32, 11]]


def test_happynears_scales_are_sides_in_pixels():
    """happynear's scales: widths of 40 / sqrt(2), rounded less one, and heights of 40 sqrt(2)."""
    (found,) = propose("ratio: 2 scale: 40 base_size: 16 min_size: 1", plane([0.5]), torch.zeros(1, 4, 1, 1).double(),
                       [900, 900, 1, 1])
    wide, high = 27, 56  # 28.28 - 1 and 56.57 - 1, rounded
    centre = 7.5 + 0.5  # of the box with both its corners
    expected = [0, 0, centre + wide / 2 + 0.5, centre + high / 2 + 0.5]
    assert found[0, 1:].tolist() == pytest.approx(expected)


def test_one_scale_of_an_image_is_taken_for_both_sides():
    """A box of 16 pixels has 17 with both corners: 4 of an image scaled by 4, and less than 4 of one scaled by 5."""
    def score(*scales: float) -> float:
        return propose(f"{ONE} min_size: 4", plane([0.5]), torch.zeros(1, 4, 1, 1).double(), [90, 90, *scales], 2)[1].item()

    assert [score(4, 4), score(5, 4), score(4, 5), score(4), score(5)] == [0.5, 0, 0, 0.5, 0]


@pytest.mark.parametrize("text", ["'feat_stride': 16", "{'feat_stride': 16, 'scales': [8, 16, 32]}"])
def test_the_python_layer_is_replaced(text):
    scores, offsets = draw(1, 18, 3, 4).softmax(1), draw(1, 36, 3, 4) / 5
    info = torch.tensor([[50.0, 70, 1.5]]).double()
    with pytest.warns(UserWarning, match="`rpn.proposal_layer.ProposalLayer` is not run"):
        net = one_layer("Python", PYTHON % text, s=scores, o=offsets, i=info)
    expected = propose("max_rois: 300", scores, offsets, [50.0, 70, 1.5])[0]
    assert len(expected) > 3 and torch.equal(net(s=scores, o=offsets, i=info)["y0"], expected)
    with pytest.warns(UserWarning, match=r"12000 regions, 2000 of them kept"):
        one_layer("Python", PYTHON % text, "TRAIN", s=scores, o=offsets, i=info)


def test_a_class_of_that_name_with_other_bottoms_is_not_replaced():
    with pytest.raises(SpecError, match="--allow-python"):
        one_layer("Python", PYTHON % "'feat_stride': 16", a=(1, 3), b=(1, 36, 3, 4), c=(1, 36, 2, 2), d=(1, 18, 3, 4))


def test_its_own_class_runs_where_that_is_allowed(tmp_path):
    (tmp_path / "rpn").mkdir()
    (tmp_path / "rpn" / "__init__.py").touch()
    (tmp_path / "rpn" / "proposal_layer.py").write_text(
        "import caffe\nclass ProposalLayer(caffe.Layer):\n    def setup(self, bottom, top): pass\n"
        "    def reshape(self, bottom, top): top[0].reshape(7, 5)\n    def forward(self, bottom, top): top[0].data[...] = 3\n")
    (tmp_path / "net.prototxt").write_text(
        'layer { name: "i" type: "Input" top: "i" input_param { shape { dim: 1 dim: 3 } } } '
        f'layer {{ name: "l" type: "Python" bottom: "i" top: "y" {PYTHON % ""} }}')
    net = netdef.load(tmp_path / "net.prototxt", allow_python=True)
    assert (net(i=torch.zeros(1, 3))["y"] == 3).all() and net.shapes["y"] == (7, 5)


@pytest.mark.parametrize(
    ("param", "shapes", "words"),
    [
        ("max_rois: 3 ratio: 1", ((1, 18, 2, 3), (1, 36, 2, 3), (1, 3)), "both `ratio` and `max_rois`"),
        ("ratio: 1", ((1, 2, 2, 3), (1, 4, 2, 3), (1, 4)), "has no `scale`"),
        ("max_rois: 3", ((1, 6, 2, 3), (1, 36, 2, 3), (1, 3)), r"9 anchors and wants `s` of shape \(1, 18, 2, 3\)"),
        ("max_rois: 3", ((1, 18, 2, 3), (1, 36, 3, 2), (1, 3)), r"wants `o` of shape \(1, 36, 2, 3\)"),
        ("ratio: 1 scale: 8", ((1, 2, 2, 3), (1, 4, 2, 3), (1, 2)), "wants 4 numbers for each of 1 images in `i`"),
        ("feat_stride: 0", ((1, 18, 2, 3), (1, 36, 2, 3), (1, 3)), "`feat_stride` 0; it must be at least 1"),
    ],
)
def test_bad_parameters_are_refused(param, shapes, words):
    with pytest.raises(SpecError, match=words):
        one_layer("Proposal", f"proposal_param {{ {param} }}", **dict(zip("soi", shapes)))


def test_numbers_of_an_image_after_the_fourth_count_nowhere():
    scores, offsets = plane([0.2, 0.9, 0.5]), draw(1, 4, 1, 3) * 0.1
    param = f"{ONE} min_size: 2"
    four, six = (propose(param, scores, offsets, [12, 40, 1, 1, *more])[0] for more in ([], [7, 9]))
    assert torch.equal(four, six)


def test_scales_beside_three_numbers_of_an_image_are_no_sides():
    """The sides of the base are 11.3 and 2 * 11, rounded; the scale is 40."""
    (found,) = propose("ratio: 2 scale: 40 base_size: 16 min_size: 1", plane([0.5]), torch.zeros(1, 4, 1, 1).double(),
                       [900, 900, 1])
    wide, high = 11 * 40, 22 * 40
    assert found[0, 1:].tolist() == pytest.approx([0, 0, 8 + wide / 2, 8 + high / 2])


def test_settings_that_py_faster_rcnn_does_not_know_are_refused():
    text = PYTHON % "'feat_stride': 16, 'densification_times': [2], 'scales': [8]"
    with pytest.raises(SpecError, match="with `densification_times`, which py-faster-rcnn's does not know"):
        one_layer("Python", text, s=(1, 2, 4, 5), o=(1, 4, 4, 5), i=(1, 3))


def test_a_bad_param_str_is_refused():
    with pytest.raises(SpecError, match="read without running its class"):
        one_layer("Python", PYTHON % "'scales': [8]", s=(1, 18, 2, 3), o=(1, 36, 2, 3), i=(1, 3))


def test_a_param_str_in_yaml_has_an_entry_a_line():
    shapes = {"s": (1, 24, 2, 3), "o": (1, 48, 2, 3), "i": (1, 3)}
    net = one_layer("Python", PYTHON % "'feat_stride': 16 \\n'scales': !!python/tuple [4, 8, 16, 32]", **shapes)
    assert net.layers["l"].settings.anchors == make_anchors(16, (0.5, 1, 2), (4, 8, 16, 32))


def test_random_sizes_are_those_of_the_maps():
    net = one_layer("Proposal", f"proposal_param {{ {ONE} }}", s=draw(2, 2, 3, 5), o=draw(2, 4, 3, 5), i=torch.zeros(2, 4))
    generator = torch.Generator()
    (layer,) = net.layers.values()
    assert layer.random_bottom(2, (2, 4), generator).tolist() == [[48, 80, 1, 1]] * 2
    assert layer.random_bottom(0, (2, 2, 3, 5), generator) is None


def test_the_python_layer_reads_the_first_three_numbers_of_an_image():
    scores, offsets = torch.rand(1, 18, 3, 4).double(), torch.zeros(1, 36, 3, 4).double()
    found = []
    for info in ([50.0, 70, 1.5], [50.0, 70, 1.5, 9, 8, 7]):
        sizes = torch.tensor([info]).double()
        with pytest.warns(UserWarning, match="is not run"):
            net = one_layer("Python", PYTHON % "'feat_stride': 16", s=scores, o=offsets, i=sizes)
        found.append(net(s=scores, o=offsets, i=sizes)["y0"])
    assert torch.equal(*found)
