"""The layers that a phase prunes, and by how much."""

from __future__ import annotations

import pytest
import torch
from toys import NET, toy

from dsd import Trainer
from dsd.masks.mask import MaskError


def kept(tmp_path, phase: str, net: str = NET) -> dict[str, int]:
    trainer = Trainer.from_file(toy(tmp_path, phases=f"dsd_phase {{ max_iter: 3 {phase} }}", net=net))
    trainer.step(1)
    return {trainer.net.masked[key][0][0]: int(kept.sum()) for key, kept in trainer.masks.items()}


def test_global_scope_keeps_an_exact_total(tmp_path):
    counts = kept(tmp_path, 'sparsity: 0.3 scope: GLOBAL layer { name: "ip2" sparsity: 0.5 }')
    assert counts["ip2"] == 14
    assert counts["conv2"] + counts["ip1"] == 560
    assert counts["conv2"] != 56  # one threshold over both, not one in each


def test_masks_are_the_largest_weights_as_the_phase_begins(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(5)
    before = trainer.net.params["ip1"][0].detach().abs().clone()
    trainer.step(1)
    mask = trainer.masks["ip1_mask"]
    assert before[mask].min() >= before[~mask].max()


@pytest.mark.parametrize(("phase", "said"), [
    ("sparsity: 0.3", "layer `ip1`: the weight has 2 NaN among its 720 values and cannot be ranked"),
    ("sparsity: 0.3 scope: GLOBAL", "`ip1_mask` has 2 NaN"),
    ("sparsity: 0.3 mask_policy: GRADUAL", "layer `ip1`: the weight has 2 NaN"),
    ("sparsity: 0.3 mask_policy: CHANNEL", "layer `ip1`: the weight has 2 NaN among its 720 values"),
    ("mask_policy: N_OF_M", "layer `ip1`: the weight has 2 NaN"),
    ("mask_policy: DYNAMIC c_rate: 0.1", "layer `ip1`: the weight has 2 NaN"),
])
def test_nan_error_names_phase_and_layer(tmp_path, phase, said):
    trainer = Trainer.from_file(toy(tmp_path, phases=f"dsd_phase {{ max_iter: 3 name: \"s\" {phase} }}"))
    with torch.no_grad():
        trainer.net.params["ip1"][0][3, 5:7] = torch.nan
    with pytest.raises(MaskError) as error:
        trainer.step(1)
    assert str(error.value).startswith("phase `s`") and said in str(error.value)
    assert str(error.value).endswith("training has diverged")
