"""BatchNorm: the statistics used, and the blobs afterwards."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.errors import SpecError

EPS = 1e-5


def build(shape: tuple[int, ...], phase: str, param: str = "", more: str = "") -> netdef.Net:
    dims = " ".join(f"dim: {size}" for size in shape)
    return netdef.loads(
        f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }}'
        f'layer {{ name: "l" type: "BatchNorm" bottom: "x" top: "y" {more} batch_norm_param {{ {param} }} }}',
        phase=phase)


@pytest.mark.parametrize("eps", ["-0.5", "-inf", "nan"])
def test_an_eps_that_is_no_addition_is_refused(eps: str):
    with pytest.raises(SpecError, match=f"has `eps` {eps}; it must be at least 0"):
        build((4, 3, 2, 5), "TRAIN", f"eps: {eps}")


def test_training_adds_corrected_statistics_to_the_blobs_and_uses_uncorrected_ones():
    net = build((4, 3, 2, 5), "TRAIN", "moving_average_fraction: 0.75")
    net.params["l"][0].copy_(torch.tensor([1.0, 2, 3]))
    net.params["l"][1].copy_(torch.tensor([4.0, 5, 6]))
    net.params["l"][2].fill_(8)
    x = torch.randn(4, 3, 2, 5) * 3 + 1
    mean = x.mean((0, 2, 3))
    variance = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
    y = net(x=x)["y"]
    torch.testing.assert_close(y, (x - mean[:, None, None]) / (variance[:, None, None] + EPS).sqrt())
    torch.testing.assert_close(net.params["l"][0], 0.75 * torch.tensor([1.0, 2, 3]) + mean)
    torch.testing.assert_close(net.params["l"][1], 0.75 * torch.tensor([4.0, 5, 6]) + variance * 40 / 39)
    assert net.params["l"][2].tolist() == [0.75 * 8 + 1]


def test_parts_of_a_batch_have_statistics_of_their_own():
    net = build((6, 3, 2, 5), "TRAIN", "moving_average_fraction: 0.75 stats_batch_size: 2")
    x = torch.randn(6, 3, 2, 5) * 3 + 1
    parts = x.unflatten(0, (3, 2))
    means, variances = parts.mean((1, 3, 4)), parts.var((1, 3, 4), correction=0)
    expected = (parts - means[:, None, :, None, None]) / (variances + EPS).sqrt()[:, None, :, None, None]
    torch.testing.assert_close(net(x=x)["y"], expected.flatten(0, 1))
    weights = torch.tensor([0.75**2, 0.75, 1])[:, None]
    torch.testing.assert_close(net.params["l"][0], (weights * means).sum(0))
    torch.testing.assert_close(net.params["l"][1], (weights * variances * 20 / 19).sum(0))
    assert net.params["l"][2].tolist() == [0.75**2 + 0.75 + 1]


def test_a_batch_that_is_no_multiple_of_its_parts_is_refused_in_training():
    with pytest.raises(SpecError, match="`stats_batch_size` of 4, of which a batch of 6 is no multiple"):
        build((6, 3, 2, 5), "TRAIN", "stats_batch_size: 4")
    assert build((6, 3, 2, 5), "TEST", "stats_batch_size: 4").shapes["y"] == (6, 3, 2, 5)


@pytest.mark.parametrize(("phase", "param"), [("TEST", ""), ("TRAIN", "use_global_stats: true")])
def test_global_statistics_are_the_blobs_over_the_factor(phase, param):
    net = build((4, 3, 2, 5), phase, param)
    mean, variance, factor = net.params["l"]
    mean.copy_(torch.tensor([1.0, 2, 3]))
    variance.copy_(torch.tensor([4.0, 5, 6]))
    factor.fill_(2)
    x = torch.randn(4, 3, 2, 5)
    means, variances = torch.tensor([[0.5, 1, 1.5], [2, 2.5, 3]])[:, :, None, None]
    expected = (x - means) / (variances + EPS).sqrt()
    torch.testing.assert_close(net(x=x)["y"], expected)
    assert factor.tolist() == [2] and mean.tolist() == [1, 2, 3]


def test_factor_zero_means_mean_and_variance_zero():
    net = build((4, 3, 2, 5), "TEST")
    net.params["l"][0].fill_(7)
    x = torch.randn(4, 3, 2, 5)
    torch.testing.assert_close(net(x=x)["y"], x / EPS**0.5)


def test_local_statistics_update_the_blobs_in_test_phase_too():
    net = build((4, 3, 2, 5), "TEST", "use_global_stats: false")
    net(x=torch.randn(4, 3, 2, 5))
    assert net.params["l"][2].tolist() == [1]


def test_two_passes_before_one_backward():
    """The blobs change in place between a forward and its backward."""
    net = build((4, 3, 2, 5), "TRAIN")
    x, slope = torch.randn(4, 3, 2, 5).requires_grad_(), torch.randn(4, 3, 2, 5)
    once = torch.autograd.grad(net(x=x)["y"], x, slope)[0]
    first, second = net(x=x)["y"], net(x=2 * x.detach())["y"]
    assert not second.requires_grad
    assert torch.autograd.grad(first, x, slope)[0].equal(once)


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1)])
def test_a_single_value_a_channel_becomes_zero(shape):
    net = build(shape, "TRAIN")
    x = torch.tensor([5.0, -6, 7]).reshape(shape).requires_grad_()
    y = net(x=x)["y"]
    y.sum().backward()
    assert not y.any() and not x.grad.any()
    assert net.params["l"][0].tolist() == [5, -6, 7] and net.params["l"][1].tolist() == [0, 0, 0]


def test_a_bottom_of_one_axis_is_one_channel():
    net = build((4,), "TRAIN")
    x = torch.tensor([1.0, 2, 3, 6])
    torch.testing.assert_close(net(x=x)["y"], (x - 3) / (3.5 + EPS) ** 0.5)
    assert net.params["l"][0].tolist() == [3]


def test_statistics_are_not_learnt():
    assert not list(build((4, 3), "TRAIN").parameters())
    with pytest.warns(UserWarning, match="layer `l` .BatchNorm.: `lr_mult` of blob 0 is ignored: statistics"):
        assert not list(build((4, 3), "TRAIN", more="param { lr_mult: 1 }").parameters())


def test_a_filler_for_the_scale_says_that_there_is_one():
    net = build((4, 3), "TRAIN", "scale_filler { type: 'constant' value: 2 }")
    assert [tuple(blob.shape) for blob in net.params["l"]] == [(3,), (3,), (1,), (3,), (3,)]
    assert net.params["l"][3].tolist() == [2] * 3 and net.params["l"][4].tolist() == [0] * 3


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_batch_norm_with_scale_and_bias_is_the_two_layers_in_one(phase):
    x = draw(4, 3, 5, 2)
    one = one_layer("BatchNorm", "batch_norm_param { scale_bias: true }", phase, x=x)
    two = one_layer("BatchNorm", "", phase, x=x)
    assert [tuple(blob.shape) for blob in one.params["l"]] == [(3,), (3,), (1,), (3,), (3,)]
    with torch.no_grad():
        for i, blob in enumerate(one.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i).abs() + 0.5)
        for mine, theirs in zip(two.params["l"], one.params["l"]):
            mine.copy_(theirs)
    scale, bias = (blob.detach()[:, None, None] for blob in one.params["l"][3:])
    torch.testing.assert_close(one(x=x)["y0"].detach(), two(x=x)["y0"] * scale + bias)
    for mine, theirs in zip(two.params["l"], one.params["l"]):
        torch.testing.assert_close(mine, theirs)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_batch_norm_with_eps_on_the_deviation(phase):
    x = draw(4, 3, 5, 2)
    made = one_layer("BatchNorm", "batch_norm_param { add_eps_before_sqrt: false eps: 0.25 }", phase, x=x)
    with torch.no_grad():
        for blob, values in zip(made.params["l"], ([2.0, -4, 6], [8.0, 18, 32], [2.0])):
            blob.copy_(torch.tensor(values))
    top = made(x=x)["y0"]
    mean, deviation = torch.tensor([1.0, -2, 3]).double(), torch.tensor([2.0, 3, 4]).double()  # sums over 2, and a root
    if phase == "TRAIN":
        mean, deviation = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0).sqrt()
        fresh = [0.999 * v + w for v, w in zip([8.0, 18, 32], x.var((0, 2, 3)).tolist())]
        assert made.params["l"][1].tolist() == pytest.approx(fresh)
    torch.testing.assert_close(top, (x - mean[:, None, None]) / (deviation[:, None, None] + 0.25))


def test_batch_norm_scale_is_batch_norm_with_a_scale_and_a_bias():
    x = torch.randn(4, 3, 5, 2, dtype=torch.float64)
    one, other = (one_layer(kind, param, "TRAIN", x=x) for kind, param in (
        ("BatchNormScale", ""), ("BatchNorm", "batch_norm_param { scale_bias: true }")))
    for blob, like in zip(one.params["l"], other.params["l"]):
        like.data.copy_(blob.data.add_(torch.rand_like(blob)))
    assert len(one.params["l"]) == 5
    assert torch.equal(one(x=x)["y0"], other(x=x)["y0"]) and all(map(torch.equal, one.params["l"], other.params["l"]))
