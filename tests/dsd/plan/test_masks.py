"""Masks of nets: which layers get them, frozen and shared weights, from the text to the end of a run."""

from __future__ import annotations

import pytest
import torch
from toys import NET, toy

from dsd import Trainer
from netdef.definition.read import read_solver_text
from netdef.errors import SpecError


def kept(tmp_path, phase: str, net: str = NET) -> dict[str, int]:
    trainer = Trainer.from_file(toy(tmp_path, phases=f"dsd_phase {{ max_iter: 3 {phase} }}", net=net))
    trainer.step(1)
    return {trainer.net.masked[key][0][0]: int(kept.sum()) for key, kept in trainer.masks.items()}


# ip1 has 9 * 80 weights, conv2 5 * 16.
FROZEN = NET.replace('bottom: "conv2" top: "ip1"', 'bottom: "conv2" top: "ip1" param { lr_mult: 0 } param { lr_mult: 0 }')
SIAMESE = """
    layer { name: "data" type: "HDF5Data" top: "data" top: "label" hdf5_data_param { source: "train.txt" batch_size: 6 } }
    layer { name: "mirrored" type: "Power" bottom: "data" top: "mirrored" power_param { scale: -1 } }
    layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" param { name: "w" } param { name: "b" }
            inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
    layer { name: "ip_p" type: "InnerProduct" bottom: "mirrored" top: "ip_p" param { name: "w" } param { name: "b" }
            inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
    layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "ip_p" top: "loss" }
"""
CHOICES = [
    "", "constraint: ZERO_AFTER_STEP", "constraint: MASK_UPDATE", "scope: GLOBAL", "mask_policy: GRADUAL",
    "mask_policy: RANDOM", "mask_policy: DYNAMIC", "mask_policy: CHANNEL", "solver_state: CARRY",
]


def phases(more: str = "", sparse: str = "sparsity: 0.5") -> str:
    return f"dsd_phase {{ max_iter: 2 }} dsd_phase {{ max_iter: 3 {sparse} {more} }} dsd_phase {{ max_iter: 2 }}"


@pytest.mark.parametrize("choice", CHOICES)
def test_frozen_weights_are_left_alone(tmp_path, choice):
    trainer = Trainer.from_file(toy(tmp_path, net=FROZEN, phases=phases(choice)))
    before = trainer.net.params["ip1"][0].clone()
    trainer.run()
    assert torch.equal(trainer.net.params["ip1"][0], before)
    assert not any(layer == "ip1" for readers in trainer.net.masked.values() for layer, _ in readers)


@pytest.mark.parametrize("choice", CHOICES)
def test_a_phase_that_names_a_frozen_layer_holds_its_zeros(tmp_path, choice):
    sparse = 'sparsity: 0.5 layer { name: "ip1" sparsity: 0.25 }'
    trainer = Trainer.from_file(toy(tmp_path, net=FROZEN, phases=phases(choice, sparse)))
    before = trainer.net.params["ip1"][0].detach().clone()
    trainer.step(5)
    weight = trainer.net.params["ip1"][0].detach()
    kept = trainer.masks["ip1_mask"]
    if choice != "mask_policy: CHANNEL":  # 9 outputs: 7 are kept
        assert int(kept.sum()) == 540
    assert torch.equal(weight, torch.where(kept, before, 0.0))
    assert trainer.audit().holds


def test_zeros_of_a_frozen_weight_in_a_file_stay(tmp_path):
    net = NET.replace('layer { name: "ip1"', 'layer { name: "m" type: "Mask" top: "m" mask_param { zeros: STAY } }\n'
                      'layer { name: "ip1"').replace(
        'bottom: "conv2" top: "ip1"', 'bottom: "conv2" bottom: "m" top: "ip1" param { lr_mult: 0 }')
    first = Trainer.from_file(toy(tmp_path, phases="max_iter: 1"))
    first.net.params["ip1"][0].data.fill_(0.5)[:4] = 0
    weights, _ = first.snapshot()
    trainer = Trainer.from_file(toy(tmp_path, net=net, phases="max_iter: 3"), weights=[weights])
    trainer.run()
    assert int(trainer.masks["m"].sum()) == 5 * 80
    assert not trainer.net.params["ip1"][0][:4].any()


@pytest.mark.parametrize("choice", CHOICES)
def test_branches_that_share_a_weight_share_its_mask(tmp_path, choice):
    trainer = Trainer.from_file(toy(tmp_path, net=SIAMESE, phases=phases(choice)))
    trainer.step(5)
    assert list(trainer.masks) == ["ip_mask"]
    assert trainer.net.params["ip"][0] is trainer.net.params["ip_p"][0]
    assert not trainer.net.params["ip"][0][~trainer.masks["ip_mask"]].any()
    trainer.run()


@pytest.mark.parametrize("field", ['layer { name: "ip_p" sparsity: 0.5 }', 'sparsity: 0.5 exclude: "ip_p"'])
def test_a_shared_weight_goes_by_the_name_of_its_first_layer(tmp_path, field):
    with pytest.raises(SpecError, match="layer `ip_p` shares the weights of `ip`; name that layer"):
        Trainer.from_file(toy(tmp_path, net=SIAMESE, phases=phases(sparse=field)))


def test_the_first_convolution_is_not_pruned_by_default(tmp_path):
    assert kept(tmp_path, "sparsity: 0.3") == {"conv2": 56, "ip1": 504, "ip2": 19}


def test_a_pattern_adds_the_first_convolution_and_exclude_removes_it(tmp_path):
    assert kept(tmp_path, 'sparsity: 0.3 layer { name: "conv" sparsity: 0.5 } exclude: "ip?"') == {"conv": 24, "conv2": 56}


def test_only_what_is_named_when_the_phase_has_no_sparsity(tmp_path):
    assert kept(tmp_path, 'layer { name: "ip*" sparsity: 0.5 } layer { name: "ip2" sparsity: 0.9 }') == {"ip1": 360, "ip2": 3}


def test_a_mask_of_the_text_brings_its_sparsity(tmp_path):
    net = NET.replace('layer { name: "conv" ', 'layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.25 } }\n'
                      'layer { name: "conv" ').replace('bottom: "data" top: "conv"', 'bottom: "data" bottom: "m" top: "conv"')
    assert kept(tmp_path, "sparsity: 0.5", net)["conv"] == 36
    trainer = Trainer.from_file(toy(tmp_path, phases="max_iter: 3", net=net))
    trainer.step(1)
    assert {key: int(mask.sum()) for key, mask in trainer.masks.items()} == {"m": 36}


def test_a_dense_phase_keeps_everything(tmp_path):
    assert kept(tmp_path, "") == {}


def test_patterns_that_match_nothing_are_refused(tmp_path):
    text = toy(tmp_path, phases="").read_text() + """
dsd_phase { max_iter: 3 sparsity: 0.3
            layer { name: "ip22" sparsity: 0.5 } layer { name: "relu" sparsity: 0.5 } exclude: "cov" }"""
    with pytest.raises(SpecError) as error:
        Trainer(read_solver_text(text, tmp_path))
    assert [problem.message for problem in error.value.problems] == [
        "layer `ip22` is not in the net; did you mean `ip2`?",
        "layer `relu` has no weights that a mask can cover",
        "layer `cov` is not in the net; did you mean `conv`?",
    ]


def test_a_mask_from_a_weight_file_stays_in_plain_training(tmp_path):
    sparse = Trainer.from_file(toy(tmp_path, phases="dsd_phase { max_iter: 3 sparsity: 0.3 }"))
    sparse.step(3)
    weights, _ = sparse.snapshot()
    net = NET
    for layer in ("conv2", "ip1", "ip2"):
        net = net.replace(f'layer {{ name: "{layer}" ', f'layer {{ name: "{layer}_mask" type: "Mask" top: "{layer}_mask" }}\n'
                          f'layer {{ name: "{layer}" bottom: "{layer}_mask" ', 1)
    # The mask stands before the layer's own bottom here: a mask is told by its producer, not by its position.
    plain = Trainer.from_file(toy(tmp_path / "plain", phases="max_iter: 2", net=net), weights=[weights])
    plain.step(2)
    for key, mask in sparse.masks.items():
        assert torch.equal(plain.masks[key], mask)
        assert (plain.mask_weight(key)[~mask] == 0).all()
