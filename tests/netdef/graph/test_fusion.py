"""BatchNorm and the Scale behind it in one pass: the same numbers as layer by layer."""

import pytest
import torch

import netdef
from netdef.graph.fusion import NormAndScale

NORM = 'layer { name: "norm" type: "BatchNorm" bottom: "x" top: "y" }\n'
SCALE = 'layer { name: "scale" type: "Scale" bottom: "y" top: "z" scale_param { bias_term: true } }\n'


def net_of(*layers, phase="TRAIN", size=(5, 3, 4, 2)):
    dims = " ".join(f"dim: {n}" for n in size)
    text = f'layer {{ name: "x" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }}\n' + "".join(layers)
    net = netdef.loads(text, phase=phase)
    draw = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for blobs in net.params.values():
            for blob in blobs:
                blob.copy_(torch.rand(blob.shape, generator=draw) + 0.5)
    return net


def bottom(size=(5, 3, 4, 2)):
    return torch.randn(size, generator=torch.Generator().manual_seed(8), requires_grad=True)


def fusions(net):
    return sum(isinstance(step.run, NormAndScale) for step in net._steps)


def gradients(net, top, x):
    weights = torch.linspace(-1, 1, top.numel()).reshape(top.shape)
    return torch.autograd.grad((top * weights).sum(), [x, *net.parameters()])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("text", [NORM + SCALE, (NORM + SCALE).replace('"y"', '"x"').replace('"z"', '"x"'),
                                  NORM + SCALE.replace("bias_term: true", "")])
def test_a_pass_gives_the_numbers_of_layer_by_layer(text, phase):
    net, apart, x = net_of(text, phase=phase), net_of(text, phase=phase), bottom()
    assert fusions(net) == 1
    (top,) = net(x).values()
    wanted = list(apart.activations(x).values())[-1]  # keeps each blob
    torch.testing.assert_close(top, wanted, rtol=1e-5, atol=1e-6)
    for found, expected in zip(gradients(net, top, x), gradients(apart, wanted, x)):
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    for found, expected in zip(net.layers["norm"].blobs, apart.layers["norm"].blobs):
        assert torch.equal(found, expected)


@pytest.mark.parametrize("others", [
    'layer { name: "s" type: "Silence" bottom: "y" }',  # reads the blob in between
    'layer { name: "r" type: "ReLU" bottom: "y" top: "r" }',
])
def test_a_blob_with_another_reader_is_made(others):
    net = net_of(NORM, SCALE, others)
    assert fusions(net) == 0 and net(bottom())["z"].shape == (5, 3, 4, 2)


@pytest.mark.parametrize("given", [
    'propagate_down: false',
    'scale_param { axis: 2 }',
    'bottom: "x" scale_param { axis: 0 }',
])
def test_scales_of_another_kind_stay_apart(given):
    assert fusions(net_of(NORM, f'layer {{ name: "scale" type: "Scale" bottom: "y" top: "z" {given} }}')) == 0


def test_a_hook_sees_the_blob_in_between():
    net, x, seen = net_of(NORM, SCALE), bottom(), []
    handle = net.layers["norm"].register_forward_hook(lambda layer, args, top: seen.append(top.detach()))
    with_hook = net_of(NORM, SCALE).activations(x)["y"]
    net(x)
    torch.testing.assert_close(seen, [with_hook.detach()])
    handle.remove()
    net(x)
    assert len(seen) == 1


def test_kept_statistics_follow_writes_and_replacements():
    net, x = net_of(NORM, phase="TEST"), bottom().detach()
    norm = net.layers["norm"]
    for write in (lambda: norm.mean_sum.fill_(3.0), lambda: norm.factor.mul_(2),
                  lambda: setattr(norm, "variance_sum", torch.full((3,), 4.0))):
        write()
        mean, variance = (blob / norm.factor for blob in (norm.mean_sum, norm.variance_sum))
        spread = (variance + norm.eps).sqrt().reshape(1, 3, 1, 1)
        for _ in range(2):
            torch.testing.assert_close(net(x)["y"], (x - mean.reshape(1, 3, 1, 1)) / spread)


def test_statistics_kept_in_inference_mode_serve_autograd():
    net, x = net_of(NORM, SCALE, phase="TEST"), bottom()
    with torch.inference_mode():
        net(x)
    net(x)["z"].sum().backward()
    assert x.grad is not None
