"""SSD's crops of images with boxes, and the boxes that stay."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.crop_with_boxes import (
    WHOLE,
    BatchSampler,
    EmitConstraint,
    JitterSampler,
    areas,
    intersections,
    read_samplers,
)
from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import SpecError


def layer(transform: str = "", more: str = "") -> LayerDefinition:
    (found,) = read_net_text(f"""layer {{ name: "d" type: "AnnotatedData" transform_param {{ {transform} }}
                                 annotated_data_param {{ {more} }} }}""").layers
    return found


def row(x1: float, y1: float, x2: float, y2: float) -> list[float]:
    """A row of the label: class 3, instance 1, not difficult."""
    return [0, 3, 1, x1, y1, x2, y2, 0]


def test_areas_and_intersections_by_hand():
    boxes = np.array([[0.0, 0, 0.5, 0.25], [0.5, 0.5, 1, 1], [0.75, 0.2, 0.25, 0.4]])
    np.testing.assert_allclose(areas(boxes), [0.125, 0.25, 0])
    np.testing.assert_allclose(intersections(np.array([0.25, 0.0, 0.75, 1]), boxes), [0.0625, 0.125, 0])


def test_cuts_meet_their_constraint():
    spec = layer(more="""batch_sampler { max_trials: 200
        sampler { min_scale: 0.3 max_scale: 0.9 min_aspect_ratio: 0.5 max_aspect_ratio: 2 }
        sample_constraint { min_jaccard_overlap: 0.4 } }""")
    boxes = np.array([[0.1, 0.2, 0.6, 0.7], [0.5, 0.1, 0.9, 0.4]])
    cuts = BatchSampler(spec, 0).cuts(boxes, np.random.default_rng(1))
    assert 10 < len(cuts) < 200
    for cut in cuts:
        width, height = cut[2:] - cut[:2]
        assert (cut >= 0).all() and (cut <= 1 + 1e-9).all()
        assert 0.3 <= np.sqrt(width * height) <= 0.9 and 0.5 - 1e-9 <= width / height <= 2 + 1e-9
        both = intersections(cut, boxes)
        sizes = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        assert (both / (sizes + width * height - both)).max() >= 0.4


def test_a_sampler_without_constraint_takes_what_it_draws():
    spec = layer(more="batch_sampler { max_trials: 5 max_sample: 2 } batch_sampler { max_trials: 3 }")
    for index, count in ((0, 2), (1, 3)):
        cuts = BatchSampler(spec, index).cuts(np.zeros((0, 4)), np.random.default_rng(1))
        assert len(cuts) == count and all(np.array_equal(cut, WHOLE) for cut in cuts)


@pytest.mark.parametrize(
    "more, said",
    [
        ("sampler { min_scale: 0.9 max_scale: 0.3 }", "wanted are 0 < min <= max"),
        ("sampler { max_scale: 1.5 }", "scales up to 1"),
        ("sampler { min_aspect_ratio: 0 }", "wanted are 0 < min <= max"),
        ("use_original_image: false", "only `use_original_image: true` is there"),
    ],
)
def test_bad_samplers_are_refused(more: str, said: str):
    with pytest.raises(SpecError, match=said):
        BatchSampler(layer(more=f"batch_sampler {{ {more} }}"), 0)


@pytest.mark.parametrize(
    "text, stay",
    [
        ("", [0, 1]),
        ("emit_constraint { emit_type: CENTER }", [0]),
        ("emit_constraint { emit_type: MIN_OVERLAP emit_overlap: 0.25 }", [0]),
        ("emit_constraint { emit_type: MIN_OVERLAP emit_overlap: 0.2 }", [0, 1]),
    ],
)
def test_boxes_stay_by_the_emit_constraint(text: str, stay: list[int]):
    """The left half keeps all of the first box, a quarter of the second by a corner, nothing of the third."""
    cut = np.array([0.0, 0, 0.5, 1])
    rows = np.array([row(0.125, 0.25, 0.375, 0.5), row(0.375, 0.5, 0.875, 0.75), row(0.625, 0, 0.75, 0.5)])
    expected = np.array([row(0.25, 0.25, 0.75, 0.5), row(0.75, 0.5, 1, 0.75)])
    np.testing.assert_allclose(EmitConstraint(layer(text)).project(cut, rows), expected[stay])


def test_jittered_crops_keep_most_of_a_box():
    sampler, random = JitterSampler(), np.random.default_rng(3)
    inside, at_the_edge = np.array([[0.4, 0.4, 0.6, 0.7]]), np.array([[0.0, 0.0, 0.1, 1]])
    found = [sampler.cuts(inside, random) for _ in range(200)]
    assert all(len(cuts) == 1 for cuts in found)
    cuts = np.array([cuts[0] for cuts in found])
    assert (cuts[:, :2] >= 0).all() and (cuts[:, :2] < 0.1).all() and (cuts[:, 2:] > 0.9).all() and (cuts[:, 2:] <= 1).all()
    assert 70 < (cuts[:, 0] > 0).sum() < 130  # half of the crops begin outside, where the image does
    kept = [sampler.cuts(at_the_edge, random)[0] for _ in range(200)]
    assert all(np.array_equal(cut, WHOLE) or (0.1 - cut[0]) * (cut[3] - cut[1]) >= 0.0849 for cut in kept)
    assert any(np.array_equal(cut, WHOLE) for cut in kept)
    assert np.array_equal(sampler.cuts(inside[:0], random)[0], WHOLE)


def test_which_crops_there_are():
    sampler = "batch_sampler { max_sample: 1 }"
    kinds = {"": [BatchSampler], "crop_type: CROP_BATCH": [BatchSampler], "crop_type: CROP_JITTER": [JitterSampler],
             "crop_type: CROP_DEFAULT": []}
    for text, expected in kinds.items():
        assert [type(found) for found in read_samplers(layer(more=f"{sampler} {text}"))] == expected
    for kind in ("CROP_ANCHOR", "CROP_GT_BBOX"):
        with pytest.raises(SpecError, match=f"cuts by {kind}, which is not implemented"):
            read_samplers(layer(more=f"crop_type: {kind}"))
