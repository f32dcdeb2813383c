"""Which layers a phase prunes, and by how much."""

from __future__ import annotations

import pytest
import torch
from toys import NET, toy

from dsd import Trainer
from dsd.masks.mask import MaskError
from netdef.definition.read import read_solver_text
from netdef.errors import SpecError

# Weights: conv 4*2*3*2 = 48, conv2 5*4*2*2 = 80, ip1 9*(5*4*4 = 80) = 720, ip2 3*9 = 27.


def kept(tmp_path, phase: str, net: str = NET) -> dict[str, int]:
    trainer = Trainer.from_file(toy(tmp_path, phases=f"dsd_phase {{ max_iter: 3 {phase} }}", net=net))
    trainer.step(1)
    return {trainer.net.masked[key][0][0]: int(kept.sum()) for key, kept in trainer.masks.items()}


def test_all_but_the_first_convolution(tmp_path):
    assert kept(tmp_path, "sparsity: 0.3") == {"conv2": 56, "ip1": 504, "ip2": 19}


def test_a_pattern_adds_the_first_convolution_and_exclude_takes_away(tmp_path):
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


def test_global_scope_keeps_an_exact_total(tmp_path):
    counts = kept(tmp_path, 'sparsity: 0.3 scope: GLOBAL layer { name: "ip2" sparsity: 0.5 }')
    assert counts["ip2"] == 14
    assert counts["conv2"] + counts["ip1"] == 560
    assert counts["conv2"] != 56  # one threshold over both, not one in each


def test_a_dense_phase_keeps_everything(tmp_path):
    assert kept(tmp_path, "") == {}


def test_masks_are_the_largest_weights_as_the_phase_begins(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(5)
    before = trainer.net.params["ip1"][0].detach().abs().clone()
    trainer.step(1)
    mask = trainer.masks["ip1_mask"]
    assert before[mask].min() >= before[~mask].max()


def test_patterns_that_match_nothing(tmp_path):
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


@pytest.mark.parametrize(("phase", "said"), [
    ("sparsity: 0.3", "layer `ip1`: the weight has 2 NaN among its 720 values and cannot be ranked"),
    ("sparsity: 0.3 scope: GLOBAL", "`ip1_mask` has 2 NaN"),
    ("sparsity: 0.3 mask_policy: GRADUAL", "layer `ip1`: the weight has 2 NaN"),
    ("sparsity: 0.3 mask_policy: CHANNEL", "layer `ip1`: the weight has 2 NaN among its 720 values"),
    ("mask_policy: N_OF_M", "layer `ip1`: the weight has 2 NaN"),
    ("mask_policy: DYNAMIC c_rate: 0.1", "layer `ip1`: the weight has 2 NaN"),
])
def test_a_net_that_fell_apart_is_told_with_the_layer(tmp_path, phase, said):
    trainer = Trainer.from_file(toy(tmp_path, phases=f"dsd_phase {{ max_iter: 3 name: \"s\" {phase} }}"))
    with torch.no_grad():
        trainer.net.params["ip1"][0][3, 5:7] = torch.nan
    with pytest.raises(MaskError) as error:
        trainer.step(1)
    assert str(error.value).startswith("phase `s`") and said in str(error.value)
    assert str(error.value).endswith("training has diverged")
