"""DenseBlock, against its layers one by one."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

import netdef

PARAM = "numTransition: 3 initChannel: 7 growthRate: 2 moving_average_fraction: 0.25 Filter_Filler { type: 'gaussian' }"


def norm(x: torch.Tensor, layer, prefix: str, i: int, training: bool) -> torch.Tensor:
    scale, bias, mean, variance = (
        getattr(layer, f"{prefix}{name}{i}").detach().flatten()[:, None, None] for name in ("scale", "bias", "mean", "variance"))
    if training:
        mean = x.mean((0, 2, 3), keepdim=True)
        variance = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
    return (x - mean) / (variance + 1e-5).sqrt() * scale + bias


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_each_layer_appends_its_channels(narrow, phase):
    net = one_layer("DenseBlock", f"denseblock_param {{ {PARAM} use_BC: {str(narrow).lower()} }}", phase, x=(3, 4, 5, 6))
    layer, x = net.layers["l"], draw(3, 4, 5, 6)
    with torch.no_grad():
        for number, (name, blob) in enumerate(zip(layer.blob_names, layer.blobs)):
            blob.copy_(draw(*blob.shape, seed=number))
            if "variance" in name:
                blob.abs_()
    before = {name: blob.detach().clone() for name, blob in zip(layer.blob_names, layer.blobs)}
    training, expected = phase == "TRAIN", x
    for i in range(3):
        part = norm(expected, layer, "", i, training).relu()
        if narrow:
            part = F.conv2d(part, getattr(layer, f"narrow_filter{i}").detach())
            part = norm(part, layer, "narrow_", i, training).relu()
        expected = torch.cat((expected, F.conv2d(part, getattr(layer, f"filter{i}").detach(), padding=1)), 1)
    assert torch.allclose(net(x=x)["y0"], expected)
    wanted = 0.75 * before["mean1"].flatten() + 0.25 * expected[:, :6].mean((0, 2, 3)) if training else before["mean1"].flatten()
    assert torch.allclose(layer.mean1.flatten(), wanted)
    variance = expected[:, :6].transpose(0, 1).flatten(1).var(1)  # of m - 1
    wanted = 0.75 * before["variance1"].flatten() + 0.25 * variance if training else before["variance1"].flatten()
    assert torch.allclose(layer.variance1.flatten(), wanted)


def test_blobs_in_the_forks_order():
    net = one_layer("DenseBlock", f"denseblock_param {{ {PARAM} use_BC: true }}", x=(3, 4, 5, 6))
    shapes = [tuple(blob.shape) for blob in net.params["l"]]
    sizes = [(1, channels, 1, 1) for channels in (4, 6, 8)]
    assert shapes[:3] == [(2, 8, 3, 3)] * 3 and shapes[3:15] == sizes * 4
    assert shapes[15:18] == [(8, channels, 1, 1) for channels in (4, 6, 8)] and shapes[18:] == [(1, 8, 1, 1)] * 12 + [(1,)]


def test_dropout_of_new_channels_in_training():
    param = f"denseblock_param {{ {PARAM} use_dropout: true dropout_amount: 0.5 BN_Scaler_Filler {{ value: 1 }} }}"
    x = draw(3, 4, 5, 6)
    dropped, whole = (one_layer("DenseBlock", param, phase, x=x)(x=x)["y0"] for phase in ("TRAIN", "TEST"))
    assert torch.equal(dropped[:, :4], x) and 60 < int((dropped[:, 4:] == 0).sum()) < 480
    assert (whole[:, 4:] != 0).all()


@pytest.mark.parametrize(("param", "said"), [
    ("numTransition: 3 initChannel: 4 growthRate: 0", "has `growthRate` 0"),
    ("numTransition: 3 initChannel: 4 filter_W: 5", "has `filter_W` 5; only 3 is implemented"),
    ("numTransition: 3 initChannel: 4 dropout_amount: 1", "has `dropout_amount` 1"),
])
def test_what_is_refused(param, said):
    with pytest.raises(netdef.SpecError) as caught:
        one_layer("DenseBlock", f"denseblock_param {{ {param} }}", x=(3, 4, 5, 6))
    assert said in str(caught.value)
