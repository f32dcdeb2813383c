"""BN of the three forks, and SyncBN."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from two_ranks import run_two_ranks

import netdef


def bn(param, phase, x):
    made = one_layer("BN", f"bn_param {{ {param} }}", phase, x=x)
    with torch.no_grad():
        for i, blob in enumerate(made.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i).abs() + 0.5)
    return made, [blob.detach().clone() for blob in made.params["l"]]


def test_bn_with_running_statistics():
    x = draw(4, 3, 5, 2)
    made, (slope, bias, mean, variance) = bn("momentum: 0.8 eps: 0.1", "TEST", x)
    assert slope.shape == mean.shape == (1, 3, 1, 1)
    torch.testing.assert_close(made(x=x)["y0"].detach(), slope * (x - mean) / (variance + 0.1).sqrt() + bias)
    made, (slope, bias, mean, variance) = bn("momentum: 0.8 eps: 0.1", "TRAIN", x)
    axes = (0, 2, 3)
    centred = (x - x.mean(axes, keepdim=True)) / (x.var(axes, correction=0, keepdim=True) + 0.1).sqrt()
    torch.testing.assert_close(made(x=x)["y0"].detach(), slope * centred + bias)
    torch.testing.assert_close(made.params["l"][2], 0.8 * mean + 0.2 * x.mean(axes, keepdim=True))
    torch.testing.assert_close(made.params["l"][3], 0.8 * variance + 0.2 * x.var(axes, keepdim=True))
    made, blobs = bn("frozen: true", "TRAIN", x)
    made(x=x)
    assert not list(made.parameters()) and all(map(torch.equal, made.params["l"], blobs))


def test_icnet_says_of_which_fork_bn_is():
    assert len(one_layer("BN", "bn_param { icnet: true }", x=(4, 3, 5, 2)).params["l"]) == 4
    assert len(one_layer("BN", "bn_param { icnet: false }", x=(4, 3, 5, 2)).params["l"]) == 2
    with pytest.raises(netdef.SpecError, match="gives both `icnet` and `bn_mode`"):
        one_layer("BN", "bn_param { icnet: true bn_mode: LEARN }", x=(4, 3, 5, 2))


def test_bn_of_ctpn_moves_its_statistics_by_the_decay():
    x = draw(4, 3, 5, 2)
    axes = (0, 2, 3)
    made, (scale, shift, mean, variance) = bn("moving_average: true var_eps: 0.1", "TEST", x)
    torch.testing.assert_close(made(x=x)["y0"].detach(), scale * (x - mean) / (variance + 0.1).sqrt() + shift)
    made, (scale, shift, mean, variance) = bn("moving_average: true decay: 0.25 var_eps: 0.1", "TRAIN", x)
    own = x.mean(axes, keepdim=True), x.var(axes, correction=0, keepdim=True)
    torch.testing.assert_close(made(x=x)["y0"].detach(), scale * (x - own[0]) / (own[1] + 0.1).sqrt() + shift)
    torch.testing.assert_close(made.params["l"][2], 0.25 * own[0] + 0.75 * mean)
    torch.testing.assert_close(made.params["l"][3], 0.25 * own[1] + 0.75 * variance)


def test_bn_of_ctpn_without_a_moving_average_uses_the_batch_in_test():
    x = draw(4, 3, 5, 2)
    axes = (0, 2, 3)
    made, (scale, shift, mean, variance) = bn("decay: 0.25 shift_filler { value: 0 }", "TEST", x)
    own = x.mean(axes, keepdim=True), x.var(axes, correction=0, keepdim=True)
    torch.testing.assert_close(made(x=x)["y0"].detach(), scale * (x - own[0]) / (own[1] + 1e-10).sqrt() + shift)
    assert torch.equal(made.params["l"][2], mean) and torch.equal(made.params["l"][3], variance)


def test_bn_of_ctpn_without_a_decay_is_refused_in_train():
    with pytest.raises(netdef.SpecError, match="has no `decay`, which is 0.05 in one fork and 0.95 in another"):
        one_layer("BN", "bn_param { moving_average: true }", "TRAIN", x=(2, 3, 4))


def test_bn_of_segnet():
    x = draw(4, 3, 5, 2)
    made, (scale, shift) = bn("bn_mode: INFERENCE", "TEST", x)
    torch.testing.assert_close(made(x=x)["y0"].detach(), scale * x + shift)


def test_bn_of_segnet_gives_the_statistics_of_the_batch():
    x = draw(4, 3, 5, 2)
    top, mean, variance = tops_of("BN", "bn_param { bn_mode: LEARN }", 3, x=x)
    axes = (0, 2, 3)
    torch.testing.assert_close(mean, x.mean(axes, keepdim=True))
    torch.testing.assert_close(variance, x.var(axes, correction=0, keepdim=True))
    torch.testing.assert_close(top.detach(), (x - mean) / (variance + 1e-9).sqrt())
    assert len(tops_of("BN", "bn_param { bn_mode: LEARN }", 2, x=x)) == 2 and not mean.requires_grad
    with pytest.raises(netdef.SpecError, match="has 2 tops; only `bn_mode: LEARN` gives the batch's mean and variance"):
        one_layer("BN", "bn_param { bn_mode: INFERENCE }", tops=2, x=x)
    with pytest.raises(netdef.SpecError, match="has 3 tops; only `bn_mode: LEARN`"):
        one_layer("BN", "bn_param { momentum: 0.9 }", tops=3, x=x)


def test_bn_of_an_unclear_fork_is_refused():
    x = draw(4, 3, 5, 2)
    with pytest.raises(netdef.SpecError, match="does not say which: write `slope_filler .* `bn_mode: INFERENCE`"):
        one_layer("BN", "", x=x)
    with pytest.raises(netdef.SpecError, match="gives both `slope_filler` and `shift_filler`"):
        one_layer("BN", "bn_param { slope_filler { value: 1 } shift_filler { value: 0 } }", x=x)


def test_segnets_statistics_of_large_maps_are_exact_in_either_order_of_memory():
    x = 3 * draw(1, 2, 600, 500) + 0.5
    wanted = (x - x.mean((0, 2, 3), keepdim=True)) / x.std((0, 2, 3), keepdim=True, correction=0)
    made = one_layer("BN", "bn_param { bn_mode: LEARN }", x=x).float()
    for order in (torch.contiguous_format, torch.channels_last):
        assert (made(x=x.float().contiguous(memory_format=order))["y0"] - wanted).abs().max() < 5e-6


def test_four_param_want_the_settings_of_running_statistics():
    four = "param { } param { } param { lr_mult: 0 } param { lr_mult: 0 } bn_param { scale_filler { value: 1 } %s }"
    with pytest.raises(netdef.SpecError, match="as CTPN's and happynear's, whose defaults differ; give `moving_average`"):
        one_layer("BN", four % "", x=(4, 3, 5))
    assert len(one_layer("BN", four % "moving_average: true decay: 0.95", "TRAIN", x=(4, 3, 5)).params["l"]) == 4


@pytest.mark.parametrize(("given", "momentum"), [("", 0.95), ("momentum: 0.75", 0.75)])
def test_moving_average_beside_slope_filler_is_of_a_fork_of_yjxiongs(given, momentum):
    param = f"bn_param {{ moving_average: true slope_filler {{ value: 1 }} {given} }}"
    x = draw(4, 3, 2, 5)
    net = one_layer("BN", param, "TRAIN", x=x)
    net(x=x)
    assert torch.allclose(net.params["l"][2].flatten(), (1 - momentum) * x.mean((0, 2, 3)))
    with pytest.raises(netdef.SpecError, match="gives both `slope_filler` and `decay`"):
        one_layer("BN", "bn_param { decay: 0.5 slope_filler { value: 1 } }", x=x)


@pytest.mark.parametrize("param", ["", "momentum: 0.9 frozen: true", "moving_average: true momentum: 0.9"])
def test_sync_bn_in_one_process(param: str):
    """The top is that of BN; the running variance, from 0, takes in the one over all N, and nothing is frozen."""
    x = draw(4, 3, 5, 2)
    made = one_layer("SyncBN", f"bn_param {{ {param} }}", "TRAIN", x=x)
    axes = (0, 2, 3)
    variance = x.var(axes, correction=0, keepdim=True)
    torch.testing.assert_close(made(x=x)["y0"].detach(), (x - x.mean(axes, keepdim=True)) / (variance + 1e-5).sqrt())
    slope, bias, running_mean, running_variance = made.params["l"]
    torch.testing.assert_close(running_mean, 0.1 * x.mean(axes, keepdim=True))
    torch.testing.assert_close(running_variance, 0.1 * variance)
    assert slope.requires_grad and bias.requires_grad
    with pytest.raises(netdef.SpecError, match="of two forks that disagree"):
        one_layer("SyncBN", "bn_param { slope_filler { } scale_filler { } }", x=x)


_TWO_RANKS = """
import sys
import torch
from one_layer import draw, one_layer
torch.distributed.init_process_group("gloo")
rank = torch.distributed.get_rank()
x = draw(2, 3, 5, seed=rank).requires_grad_()
net = one_layer("SyncBN", "", "TRAIN", x=x)
top = net(x=x)["y0"]
(top * draw(2, 3, 5, seed=rank + 5)).sum().backward()
torch.save([top.detach(), x.grad, *net.params["l"]], f"{sys.argv[1]}/rank{rank}.pt")
torch.distributed.destroy_process_group()
"""


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_sync_bn_in_two_processes(tmp_path):
    """As one process with the items of both."""
    helpers = Path(__file__).parents[4] / "helpers"
    run_two_ranks(_TWO_RANKS, tmp_path, PYTHONPATH=f"{helpers}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    found = [torch.load(tmp_path / f"rank{rank}.pt") for rank in range(2)]
    x = torch.cat([draw(2, 3, 5, seed=seed) for seed in range(2)]).requires_grad_()
    net = one_layer("SyncBN", "", "TRAIN", x=x)
    top = net(x=x)["y0"]
    (top * torch.cat([draw(2, 3, 5, seed=seed + 5) for seed in range(2)])).sum().backward()
    torch.testing.assert_close(torch.cat([each[0] for each in found]), top.detach())
    torch.testing.assert_close(torch.cat([each[1] for each in found]), x.grad)
    for each in found:
        for blob, wanted in zip(each[2:], net.params["l"]):
            torch.testing.assert_close(blob, wanted)
