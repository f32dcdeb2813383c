"""Offsets of the Crop layers of 2014, computed from the layers above."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.schema.messages import LayerParameter

FCN = """input: "data" input_dim: 1 input_dim: 3 input_dim: 20 input_dim: 30
layers { type: CONVOLUTION name: "conv" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 pad: 50 } }
layers { type: RELU name: "relu" bottom: "conv" top: "conv" }
layers { type: POOLING name: "pool" bottom: "conv" top: "pool" pooling_param { kernel_size: 2 stride: 2 } }
layers { type: DECONVOLUTION name: "up" bottom: "pool" top: "up" convolution_param { num_output: 4 kernel_size: 4 stride: 2 } }
"""


def layers(text: str) -> dict[str, LayerParameter]:
    return {layer.name: layer.message for layer in read_net_text(text).layers}


def test_a_crop_cuts_the_region_over_the_data():
    """A place of `up` is one of `pool` at (x - 1.5) / 2, so of `conv` at x - 1, so of `data` at x - 50."""
    crop = layers(FCN + 'layers { type: CROP name: "crop" bottom: "up" bottom: "data" top: "score" }')["crop"]
    assert crop.type == "Crop" and crop.crop_param.axis == 2 and list(crop.crop_param.offset) == [50]


def test_a_crop_shifts_the_maps_of_later_layers():
    """`up` cut by 1 to lie over `conv`; of the sum then 49 to the data."""
    found = layers(FCN + """layers { type: CROP name: "first" bottom: "up" bottom: "conv" top: "cut" }
        layers { type: ELTWISE name: "sum" bottom: "cut" bottom: "conv" top: "sum" }
        layers { type: CROP name: "second" bottom: "sum" bottom: "data" top: "score" }""")
    assert [list(found[name].crop_param.offset) for name in ("first", "second")] == [[1], [49]]


def test_joined_channels_have_the_places_of_the_first_bottom():
    """U-Net: `up` has a place more in front than `conv`, and so has what is joined to it."""
    found = layers(FCN + """layers { type: CROP name: "first" bottom: "up" bottom: "conv" top: "cut" }
        layers { type: CONCAT name: "join" bottom: "cut" bottom: "other" top: "both" }
        layers { type: SLICE name: "part" bottom: "both" top: "a" top: "b" }
        layers { type: CROP name: "second" bottom: "b" bottom: "data" top: "score" }""")
    assert list(found["second"].crop_param.offset) == [49]
    with pytest.raises(SpecError, match="a layer `Concat` has no map of places"):
        layers(FCN + """layers { type: CONCAT name: "join" bottom: "up" bottom: "up" top: "both" concat_param { concat_dim: 2 } }
            layers { type: CROP name: "crop" bottom: "both" bottom: "data" top: "score" }""")


@pytest.mark.parametrize(
    ("crop", "words"),
    [
        ('bottom: "data" bottom: "up"', "the crop would begin at -50"),
        ('bottom: "pool" bottom: "data"', "differ by a scale of 2; only shifts can be cropped"),
        ('bottom: "up"', "has 1 bottoms; it wants two"),
        ('bottom: "up" bottom: "other"', "no common ancestor"),
    ],
)
def test_a_crop_without_a_map_is_refused_with_its_place(crop, words):
    with pytest.raises(SpecError, match=words) as caught:
        layers(FCN + f'layers {{ type: CROP name: "crop" {crop} top: "score" }}')
    (problem,) = caught.value.problems
    assert str(problem.span).startswith("<text>:6:")


def test_fork_types_of_2014_are_upgraded():
    found = layers(FCN + """
        layers { type: UNPOOLING name: "unpool" bottom: "pool" top: "u"
                 unpooling_param { kernel_size: 2 stride: 2 unpool_size: 9 } }
        layers { type: BN name: "bn" bottom: "u" top: "bn" bn_param { bn_mode: INFERENCE } }
        layers { type: MULTI_STAGE_MEANFIELD name: "crf" bottom: "a" bottom: "b" bottom: "data" top: "pred"
                 blobs_lr: 10000 multi_stage_meanfield_param { num_iterations: 5 } }""")
    assert found["unpool"].type == "Unpooling" and found["unpool"].unpooling_param.unpool_size == 9
    assert found["bn"].type == "BN" and found["bn"].bn_param.HasField("bn_mode")
    assert found["crf"].type == "MultiStageMeanfield" and found["crf"].param[0].lr_mult == 10000


SIMPLE = """layer { name: "data" type: "Input" top: "data" input_param { shape { dim: [2, 3, 7, 8] } } }
layer { name: "like" type: "Input" top: "like" input_param { shape { dim: [1, 4, 5, 6] } } }
"""


@pytest.mark.parametrize("like", ['crop_param { blob_name: "like" }', 'bottom: "like"'])
def test_a_simple_crop_keeps_the_first_rows_and_columns(like: str):
    net = netdef.loads(SIMPLE + f'layer {{ name: "crop" type: "SimpleCrop" bottom: "data" top: "cut" {like} }}')
    data = torch.arange(2.0 * 3 * 7 * 8).reshape(2, 3, 7, 8)
    assert torch.equal(net(data=data, like=torch.zeros(1, 4, 5, 6))["cut"], data[:, :, :5, :6])


@pytest.mark.parametrize(("like", "words"), [
    ('crop_param { blob_name: "other" }', "reads blob `other`"),
    ("", "wants a `blob_name` or a second bottom"),
    ('bottom: "like" crop_param { blob_name: "like" }', "wants a `blob_name` or a second bottom"),
])
def test_a_simple_crop_that_says_no_size_is_refused(like: str, words: str):
    with pytest.raises(SpecError, match=words) as caught:
        netdef.loads(SIMPLE + f'layer {{ name: "crop" type: "SimpleCrop" bottom: "data" top: "cut" {like} }}')
    (problem,) = caught.value.problems
    assert str(problem.span).startswith("<text>:3:")
