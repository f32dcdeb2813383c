"""Dropout: kept elements are scaled in training, and TEST changes nothing."""

from __future__ import annotations

import pytest
import torch
from one_layer import top_of

import netdef
from netdef.errors import SpecError

TEXT = """
layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ dim: 20 dim: 30 }} }} }}
layer {{ name: "l" type: "Dropout" bottom: "x" top: "y" dropout_param {{ dropout_ratio: {} }} }}
"""


def test_kept_elements_and_their_gradients_are_scaled():
    net = netdef.loads(TEXT.format(0.2), phase="TRAIN")
    x = torch.randn(20, 30).requires_grad_()
    torch.manual_seed(5)
    y = net(x=x)["y"]
    kept = y != 0
    assert abs(kept.float().mean() - 0.8) < 6 * (0.8 * 0.2 / 600) ** 0.5
    torch.testing.assert_close(y, torch.where(kept, x / 0.8, 0.0))
    y.sum().backward()
    torch.testing.assert_close(x.grad, kept / 0.8)
    torch.manual_seed(5)
    assert net(x=x)["y"].equal(y)
    assert not net(x=x)["y"].equal(y)


def test_in_test_phase_nothing_changes():
    x = torch.randn(20, 30)
    for ratio in (0.9, 1):
        assert netdef.loads(TEXT.format(ratio), phase="TEST")(x=x)["y"].equal(x)


@pytest.mark.parametrize(("ratio", "phase"), [(-0.1, "TEST"), (1.5, "TEST"), (1, "TRAIN")])
def test_ratios_outside_zero_to_one_are_refused(ratio, phase):
    with pytest.raises(SpecError, match="dropout_ratio"):
        netdef.loads(TEXT.format(ratio), phase=phase)


def test_selu_dropout_keeps_mean_and_variance():
    text = TEXT.replace("dropout_param", "selu_dropout_param").replace("Dropout", "SeLuDropout")
    text = text.replace("dim: 20 dim: 30", "dim: 400 dim: 500").format(0.2)
    x = torch.randn(400, 500).requires_grad_()
    y = netdef.loads(text, phase="TRAIN")(x=x)["y"]
    a = (0.8 + 1.75809934**2 * 0.8 * 0.2) ** -0.5
    y.sum().backward()
    dropped = x.grad == 0
    torch.testing.assert_close(x.grad[~dropped], torch.full_like(x.grad[~dropped], a))
    torch.testing.assert_close(y[dropped], torch.full_like(y[dropped], a * -1.75809934 + a * 0.2 * 1.75809934))
    assert abs(dropped.float().mean() - 0.2) < 6 * (0.8 * 0.2 / x.numel()) ** 0.5
    torch.testing.assert_close(y[~dropped], (a * x + a * 0.2 * 1.75809934)[~dropped])
    assert abs(y.mean()) < 0.02 and abs(y.var() - 1) < 0.02
    assert netdef.loads(text)(x=x)["y"].equal(x)
    with pytest.raises(SpecError, match="dropout_ratio"):
        netdef.loads(TEXT.replace("dropout_param", "selu_dropout_param").replace("Dropout", "SeLuDropout").format(1))


def test_dropout_that_scales_in_test():
    x = torch.ones(1, 4000).double()
    param = "dropout_param { dropout_ratio: 0.25 scale_train: false }"
    torch.testing.assert_close(top_of("Dropout", param, x=x), 0.75 * x)
    torch.manual_seed(1)
    top = top_of("Dropout", param, "TRAIN", x=x)
    assert sorted(set(top[0].tolist())) == [0, 1] and abs(float(top.mean()) - 0.75) < 0.03


def test_dropout_that_goes_on_in_test():
    torch.manual_seed(1)
    top = top_of("Dropout", "dropout_param { sample_weights_test: true }", x=torch.ones(1, 4000).double())
    assert sorted(set(top[0].tolist())) == [0, 2]


@pytest.mark.parametrize("param", ["dropout_param { dropout_ratio: 0.2 }", "spatial_dropout_param { dropout_ratio: 0.2 }",
                                   "spatial_dropout_param { prob: 0.2 }"])
def test_whole_channels_are_dropped(param):
    text = ('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 40 dim: 50 dim: 2 dim: 3 } } }'
            f'layer {{ name: "l" type: "SpatialDropout" bottom: "x" top: "y" {param} }}')
    x = torch.randn(40, 50, 2, 3)
    kept = netdef.loads(text, phase="TRAIN")(x=x)["y"] / x
    torch.testing.assert_close(kept, kept[:, :, :1, :1].expand_as(kept))
    channels = kept[:, :, 0, 0]
    torch.testing.assert_close(channels, torch.where(channels > 0, 1.25, 0.0))
    assert abs((channels > 0).float().mean() - 0.8) < 6 * (0.8 * 0.2 / 2000) ** 0.5
    assert netdef.loads(text, phase="TEST")(x=x)["y"].equal(x)


def test_with_sqrt_scale_the_divisor_is_a_root():
    x = torch.ones(20, 30)
    y = top_of("Dropout", "dropout_param { dropout_ratio: 0.75 sqrt_scale: true }", "TRAIN", x=x.double())
    assert set(y.flatten().tolist()) == {0, 2}
    assert top_of("Dropout", "dropout_param { dropout_ratio: 0.75 sqrt_scale: true }", x=x.double()).equal(x.double())
