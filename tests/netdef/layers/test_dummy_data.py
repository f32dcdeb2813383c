"""DummyData: old and new shapes, constants, and random numbers."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError


def build(param: str, tops: str = "a b"):
    names = " ".join(f'top: "{top}"' for top in tops.split())
    return netdef.loads(f'layer {{ name: "l" type: "DummyData" {names} dummy_data_param {{ {param} }} }}')


def test_one_shape_and_filler_for_all_or_one_each():
    tops = build("shape { dim: 2 dim: 3 } data_filler { value: 5 }")()
    assert tops["a"].tolist() == tops["b"].tolist() == [[5] * 3] * 2
    tops = build("shape { dim: 2 } shape { dim: 3 } data_filler { value: 5 } data_filler { value: -1 }")()
    assert tops["a"].tolist() == [5, 5] and tops["b"].tolist() == [-1] * 3
    assert build("shape { dim: 2 }")()["b"].tolist() == [0, 0]


def test_old_sizes_are_read():
    net = build("num: 2 num: 7 channels: 3 height: 4 width: 5")
    assert net.shapes == {"a": (2, 3, 4, 5), "b": (7, 3, 4, 5)}


def test_random_tops_are_drawn_anew_from_torchs_generator_and_constants_are_not():
    net = build('shape { dim: 400 } data_filler { type: "gaussian" mean: 1 std: 2 } data_filler { value: 3 }')
    torch.manual_seed(7)
    first, second = net(), net()
    torch.manual_seed(7)
    again = net()
    assert torch.equal(first["a"], again["a"]) and not torch.equal(first["a"], second["a"])
    assert torch.equal(first["b"], torch.full((400,), 3.0)) and torch.equal(second["b"], first["b"])
    assert abs(first["a"].mean() - 1) < 5 * 2 / 400**0.5
    assert abs(first["a"].std() - 2) < 5 * 2 / 800**0.5


def test_its_blobs_are_not_saved():
    net = build("shape { dim: 2 }")
    assert not net.params and not net.state_dict()


@pytest.mark.parametrize("param, words", [
    ("shape { dim: 1 } data_filler {} data_filler {} data_filler {}", "has 2 tops and 3 `data_filler`"),
    ("shape { dim: 1 } shape { dim: 1 } shape { dim: 1 }", "has 2 tops and 3 `shape`"),
    ("", "has 2 tops and 0 `shape`"),
    ("num: 2 channels: 3 height: 4", "has 2 tops and 0 `width`"),
    ("num: 2 channels: 3 height: 4 width: 5 shape { dim: 1 }", "has both `shape` and the old"),
    ("shape { dim: -1 }", "must not be negative"),
    ('shape { dim: 1 } data_filler { type: "gausian" }', "gaussian"),
])
def test_bad_parameters_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        build(param)


def test_random_vectors():
    made = netdef.loads(
        'layer { name: "l" type: "RandVec" top: "y" randvec_param { batch_size: 50 dim: 7 lower: 2 upper: 5 } }'
    )
    one, other = made()["y"], made()["y"]
    assert one.shape == (50, 7) and not torch.equal(one, other)
    assert 2 <= one.min() < 2.1 and 4.9 < one.max() <= 5
    with pytest.raises(netdef.SpecError, match="same numbers for 3 passes"):
        netdef.loads('layer { name: "l" type: "RandVec" top: "y" randvec_param { batch_size: 5 dim: 7 repeat: 3 } }')
