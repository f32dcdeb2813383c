"""Masks that leave layers without weights, or cut the net."""

from __future__ import annotations

import warnings

import pytest
import torch
from toys import toy

from dsd.masks.mask import MaskError
from dsd.training.trainer import Trainer


def told(trainer: Trainer, steps: int) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        trainer.step(steps)
    return [str(warning.message) for warning in caught if str(warning.message).startswith("phase")]


def weights(trainer: Trainer, **values: float | torch.Tensor) -> None:
    with torch.no_grad():
        for layer, value in values.items():
            trainer.net.params[layer][0].copy_(torch.as_tensor(value).expand_as(trainer.net.params[layer][0]))


def test_one_threshold_over_layers_of_different_size(tmp_path):
    """83 of 827 weights are kept: the 80 of the convolution and 3 of the last layer."""
    trainer = Trainer.from_file(toy(
        tmp_path, phases='dsd_phase { name: "thin" max_iter: 4 scope: GLOBAL sparsity: 0.9 } dsd_phase { max_iter: 2 }'))
    weights(trainer, conv2=3.0, ip1=1.0, ip2=2.0)
    assert told(trainer, 6) == [
        "phase `thin` cuts the net: no input reaches its end through the weights that are kept\n"
        "  layer `ip1` keeps none of its 720 weights\n"
        '  `layer { name: "ip1" sparsity: ... }` in the phase gives it a sparsity of its own; '
        "`scope: LAYER` prunes each layer by the same share"]


def test_layers_that_keep_weights_and_lose_the_path(tmp_path):
    """Of `ip1` unit 0 is left, and `ip2` reads unit 1."""
    trainer = Trainer.from_file(toy(tmp_path, phases='dsd_phase { name: "thin" max_iter: 2 sparsity: 0.9 }'))
    first, second = torch.ones(9, 80), torch.ones(3, 9)
    first[0], second[:, 1] = 2.0, 2.0
    weights(trainer, ip1=first, ip2=second)
    (said,) = told(trainer, 2)
    assert said.startswith("phase `thin` cuts the net: no input reaches its end through the weights that are kept\n")
    assert "\n  layer `ip2` keeps 3 of its 27 weights, none of which reads what depends on the input\n" in said
    assert "ip1" not in said
    assert said.endswith('`layer { name: "ip2" sparsity: ... }` in the phase gives it a sparsity of its own')


def test_masks_that_leave_paths_are_not_told_of(tmp_path):
    assert told(Trainer.from_file(toy(tmp_path)), 12) == []


def test_masks_that_change_within_a_phase_are_told_of_once(tmp_path):
    phases = """dsd_phase { name: "ramp" max_iter: 6 mask_policy: GRADUAL sparsity: 0.5 mask_end: 4 update_interval: 1
                            layer { name: "ip2" sparsity: 0.99 } }"""
    (said,) = told(Trainer.from_file(toy(tmp_path, phases=phases)), 6)
    assert "layer `ip2` keeps none of its 27 weights" in said


def test_masks_that_keep_nothing_at_all_are_an_error(tmp_path):
    """Weights from 1 to 1.1 deviate by 0.029 from their mean: none lies above 0.9 * (1.05 + 8 * 0.029)."""
    phases = 'dsd_phase { name: "all" max_iter: 2 mask_policy: DYNAMIC c_rate: 8 mask_end: 1 }'
    trainer = Trainer.from_file(toy(tmp_path, phases=phases))
    weights(trainer, conv2=torch.linspace(1, 1.1, 80).view(5, 4, 2, 2), ip1=torch.linspace(1, 1.1, 720).view(9, 80),
            ip2=torch.linspace(1, 1.1, 27).view(3, 9))
    with pytest.raises(MaskError, match="^phase `all`: the masks keep none of the 827 weights that they cover"):
        trainer.step(1)
