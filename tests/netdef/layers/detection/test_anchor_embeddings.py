"""AnchorEmbeddingExtractor by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of

from netdef.errors import NetdefError, SpecError

RECORDS = torch.tensor([  # item, not read, box, anchor, track, action, x, y
    [1, 9, 0.1, 0.2, 0.3, 0.4, 2, 7, 1, 4, 0],
    [-1, 9, 0, 0, 0, 0, 9, 0, 0, 9, 9],
    [0, 9, 0.5, 0.6, 0.7, 0.8, 0, 7, 0, 3, 2],
    [1, 9, 0.2, 0.1, 0.4, 0.3, 3, 7, 2, 0, 1],
    [1, 9, 0.3, 0.1, 0.6, 0.3, 1, 7, 0, 1, 1],
]).double()
PARAM = "num_anchors: 4 label_src_pos: 8"


def maps() -> dict[str, torch.Tensor]:
    return {f"m{anchor}": draw(2, 6, 3, 5, seed=anchor) for anchor in range(4)}


def extract(param: str, tops: int, phase: str = "TRAIN", records: torch.Tensor = RECORDS) -> list[torch.Tensor]:
    text = f"embedding_extractor_param {{ {param} }}"
    return tops_of("AnchorEmbeddingExtractor", text, tops, phase, r=records[None, None], **maps())


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_features_and_labels_of_valid_records(phase):
    features, labels = extract(PARAM, 2, phase)
    m = maps()
    wanted = [m["m2"][1, :, 0, 4], m["m0"][0, :, 2, 3], m["m3"][1, :, 1, 0], m["m1"][1, :, 1, 1]]
    assert torch.equal(features, torch.stack(wanted)) and labels.tolist() == [1, 0, 2, 0]


def test_weights_are_one_over_the_records_of_an_item_s_track():
    features, labels, weights = extract(f"{PARAM} num_valid_actions: 2 output_instance_weights: true", 3)
    assert labels.tolist() == [1, 0, 0] and len(features) == 3
    assert weights.tolist() == [0.5, 1, 0.5]  # items 1, 0, 1, all of track 7


def test_proposals_are_item_and_box():
    _, labels, boxes = extract("num_anchors: 4 label_src_pos: 7 output_proposals: true", 3)
    assert labels.tolist() == [7, 7, 7, 7]
    assert torch.equal(boxes, RECORDS[[0, 2, 3, 4]][:, [0, 2, 3, 4, 5]])


@pytest.mark.parametrize(("param", "shape"), [("output_instance_weights: true", (1,)), ("output_proposals: true", (1, 5))])
def test_without_records_there_is_one_of_label_minus_1(param, shape):
    features, labels, third = extract(f"{PARAM} {param}", 3, records=RECORDS[1:2])
    assert torch.equal(features, torch.zeros(1, 6).double()) and labels.tolist() == [-1]
    assert torch.equal(third, torch.full(shape, -1.0).double())


def test_gradients_go_to_the_places():
    inputs = {name: x.requires_grad_() for name, x in maps().items()}
    net = one_layer("AnchorEmbeddingExtractor", f"embedding_extractor_param {{ {PARAM} }}", "TRAIN", tops=2,
                    r=RECORDS[None, None], **inputs)
    net(r=RECORDS[[0, 0]][None, None], **inputs)["y0"].sum().backward()
    wanted = torch.zeros(2, 6, 3, 5).double()
    wanted[1, :, 0, 4] = 2
    assert torch.equal(inputs["m2"].grad, wanted) and not inputs["m0"].grad.any()


@pytest.mark.parametrize(("param", "tops", "complaint"), [
    ("label_src_pos: 8", 2, "has `num_anchors` 0; the fork supports 4 only"),
    ("num_anchors: 4", 2, "wants a `label_src_pos` from 0 to 10"),
    (PARAM, 3, "has a third top; give one of"),
    (f"{PARAM} output_proposals: true output_instance_weights: true", 3, "has a third top; give one of"),
])
def test_what_is_refused(param, tops, complaint):
    with pytest.raises(SpecError, match=complaint):
        extract(param, tops)


def test_shapes_that_do_not_fit():
    with pytest.raises(SpecError, match=r"wants records of shape \(1, 1, M, 11\)"):
        extract(PARAM, 2, records=RECORDS[:, :10])
    with pytest.raises(SpecError, match="the maps must be of one shape"):
        one_layer("AnchorEmbeddingExtractor", f"embedding_extractor_param {{ {PARAM} }}", tops=2, r=(1, 1, 5, 11), a=(2, 6, 3, 5),
                  b=(2, 6, 3, 5), c=(2, 6, 3, 4), d=(2, 6, 3, 5))


def test_a_record_outside_the_maps_is_an_error():
    with pytest.raises(NetdefError, match="got a record of anchor 2, item 1, x 5, y 0"):
        extract(PARAM, 2, records=RECORDS + torch.eye(11)[9])
