"""Layers folded into the weights before them: the numbers of layer by layer, and of the present blobs."""

from __future__ import annotations

import copy
import pickle

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import netdef
from netdef.graph.folding import FoldedLayer
from netdef.layers.core import registry

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 5 dim: 4 dim: 7 dim: 6 } } }\n'
CONV = ('layer { name: "head" type: "Convolution" bottom: "x" top: "y" '
        'convolution_param { num_output: 6 kernel_size: 3 group: 2 bias_term: false } }\n')
DECONV = ('layer { name: "head" type: "Deconvolution" bottom: "x" top: "y" '
          'convolution_param { num_output: 6 kernel_size: 2 stride: 2 group: 2 } }\n')
IP = 'layer { name: "head" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 6 %s } }\n'
NORM = 'layer { name: "norm" type: "BatchNorm" bottom: "y" top: "y" batch_norm_param { %s } }\n'
SCALE = 'layer { name: "scale" type: "Scale" bottom: "y" top: "z" scale_param { bias_term: true } }\n'
BIAS = 'layer { name: "bias" type: "Bias" bottom: "y" top: "z" }\n'
POWER = 'layer { name: "power" type: "Power" bottom: "y" top: "z" power_param { power: %d scale: -2 shift: 3 } }\n'
MASK = 'layer { name: "mask" type: "Mask" top: "mask" }\n'


def net_of(*layers: str) -> netdef.Net:
    """A frozen net in TEST, whose blobs are between 0.5 and 1.5."""
    net = netdef.loads(INPUT + "".join(layers), phase="TEST").freeze()
    draw = torch.Generator().manual_seed(7)
    for blobs in net.params.values():
        for blob in blobs:
            blob.copy_(torch.rand(blob.shape, generator=draw) + 0.5)
    return net


def bottom() -> torch.Tensor:
    return torch.randn(5, 4, 7, 6, generator=torch.Generator().manual_seed(8))


def folded(net: netdef.Net) -> list[FoldedLayer]:
    """What the net runs as one in a pass on `bottom`."""
    return [step.run for step in net._steps_for({"x": bottom()})[0] if isinstance(step.run, FoldedLayer)]


def check(net: netdef.Net) -> None:
    """A pass has the outputs of layer by layer."""
    found, wanted = net(bottom()), net.activations(bottom())
    for blob, value in found.items():
        torch.testing.assert_close(value, wanted[blob], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("head", [CONV, DECONV, IP % "", IP % "transpose: true"])
@pytest.mark.parametrize("after", [
    [NORM % ""], [SCALE], [NORM % "eps: 0.1", SCALE], [BIAS], [POWER % 1], [NORM % "", POWER % 1],
    [NORM % "scale_bias: true", SCALE],
])
def test_a_pass_gives_the_numbers_of_layer_by_layer(head, after):
    net = net_of(head, *after)
    (step,) = folded(net)
    assert len(step.after) == len(after)
    check(net)


def test_activations_have_the_blobs_in_between():
    net = net_of(CONV, SCALE)
    net(bottom())
    assert net.activations(bottom()).keys() == {"x", "y", "z"}


@pytest.mark.parametrize("layers", [
    [CONV, SCALE, 'layer { name: "r" type: "ReLU" bottom: "y" top: "r" }'],  # another reader
    [CONV, NORM % "use_global_stats: false"],
    [CONV, POWER % 2],
    [CONV, 'layer { name: "scale" type: "Scale" bottom: "y" top: "z" scale_param { axis: 2 } }'],
    [CONV, 'layer { name: "bias" type: "Bias" bottom: "y" top: "z" bias_param { axis: 0 num_axes: 1 } }'],
    [IP % "axis: 2", 'layer { name: "scale" type: "Scale" bottom: "y" top: "z" }'],
    ['layer { name: "head" type: "Pooling" bottom: "x" top: "y" pooling_param { kernel_size: 2 } }', SCALE],
])
def test_other_layers_stay_apart(layers):
    net = net_of(*layers)
    assert not folded(net)
    check(net)


@pytest.mark.parametrize("base, layers", [("Convolution", [CONV, SCALE]), ("Scale", [CONV, SCALE])])
def test_a_subclass_with_a_forward_of_its_own_is_run(monkeypatch, base, layers):
    class Negative(registry.registered(base)):
        def forward(self, x):
            return -super().forward(x)

    plain = net_of(*layers)(bottom())["z"]
    monkeypatch.setitem(registry._registry, base, Negative)
    net = net_of(*layers)
    assert not folded(net)
    shift = net.layers["scale"].bias.reshape(1, 6, 1, 1)
    wanted = -plain if base == "Scale" else 2 * shift - plain
    torch.testing.assert_close(net(bottom())["z"], wanted, rtol=1e-5, atol=1e-5)


def test_without_freezing_or_for_gradients_layers_stay_apart():
    net = net_of(CONV, SCALE)
    assert folded(net)
    assert not any(isinstance(step.run, FoldedLayer) for step in net._steps_for({"x": bottom().requires_grad_()})[0])
    for change in (lambda: net.layers["scale"].scale.requires_grad_(), lambda: net.requires_grad_(False).train()):
        change()
        assert not folded(net)
    only_without_gradients = netdef.loads(INPUT + CONV + SCALE, phase="TEST").requires_grad_(False)  # its `.data` may be written
    assert not folded(only_without_gradients)


def test_errors_name_the_layer_with_weights():
    net = net_of(CONV, SCALE)
    assert folded(net)
    with pytest.raises(netdef.SpecError, match=r"layer `head` \(Convolution\) cannot work on `x` .*\(5, 3, 7, 6\)"):
        net(torch.zeros(5, 3, 7, 6))


def test_hooks_see_the_blobs_in_between():
    net, seen = net_of(CONV, SCALE), []
    handle = net.layers["head"].register_forward_hook(lambda layer, args, top: seen.append(top))
    net(bottom())
    torch.testing.assert_close(seen, [net.activations(bottom())["y"]] * len(seen))
    handle.remove()
    assert len(seen) == 2 and folded(net)


def test_nothing_is_folded_where_operations_are_traced_transformed_or_cast():
    net = net_of(CONV, SCALE)
    with torch.autocast("cpu", torch.bfloat16):
        assert not folded(net)
    with FlopCounterMode(display=False):
        assert not folded(net)
    counts = []
    torch.func.vmap(lambda x: counts.append(len(folded(net))) or x, randomness="same")(torch.zeros(2, 3))
    assert counts == [0] and len(folded(net)) == 1


@pytest.mark.parametrize("write", {
    "a weight": lambda net: net.layers["head"].weight.mul_(3),
    "a view of it": lambda net: net.layers["head"].weight[2].zero_(),
    "its memory": lambda net: setattr(net.layers["head"].weight, "data", torch.ones(6, 2, 3, 3)),
    "a parameter": lambda net: setattr(net.layers["scale"], "scale", nn.Parameter(torch.arange(6.0), requires_grad=False)),
    "a statistic": lambda net: net.layers["norm"].variance_sum.fill_(9),
    "another": lambda net: setattr(net.layers["norm"], "factor", torch.tensor([2.0])),
    "a mask": lambda net: net.layers["mask"].set(torch.arange(108).reshape(6, 2, 3, 3) % 5 > 1),
    "its use": lambda net: setattr(net.layers["mask"], "folded", True),
    "the mode of a layer": lambda net: net.layers["norm"].train(),
    "the type": lambda net: net.double(),
}.values())
def test_a_change_is_seen(write):
    net = net_of(MASK, CONV.replace('"x" top', '"x" bottom: "mask" top'), NORM % "", SCALE)
    net.layers["mask"].set(torch.arange(108).reshape(6, 2, 3, 3) % 3 > 0)
    for _ in range(2):
        write(net)
        x = bottom().to(net.layers["head"].weight.dtype)
        for _ in range(2):
            state = copy.deepcopy(net.state_dict())  # a layer in training mode adds to its statistics
            found = net(x)["z"]
            net.load_state_dict(state)
            torch.testing.assert_close(found, net.activations(x)["z"], rtol=1e-5, atol=1e-5)
            net.load_state_dict(state)


def test_computed_weights_are_not_kept():
    net = net_of(CONV, SCALE)

    class Twice(nn.Module):
        def forward(self, weight):
            return 2 * weight

    before = net(bottom())["z"]
    shift = net.layers["scale"].bias.reshape(1, 6, 1, 1)
    nn.utils.parametrize.register_parametrization(net.layers["head"], "weight", Twice())
    torch.testing.assert_close(net(bottom())["z"], 2 * before - shift)


def test_weights_of_inference_mode_are_not_kept():
    with torch.inference_mode():
        net = net_of(CONV, SCALE)
        check(net)
        net.layers["head"].weight.mul_(3)
        check(net)


def test_weights_folded_in_inference_mode_serve_outside():
    net = net_of(CONV, SCALE)
    with torch.inference_mode():
        net(bottom())
    assert not net(bottom())["z"].is_inference()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_folds_its_own_weights(duplicate):
    net = net_of(CONV, SCALE)
    before = net(bottom())["z"]
    other = duplicate(net)
    other.layers["head"].weight.zero_()
    torch.testing.assert_close(net(bottom())["z"], before)
    assert folded(other) and other(bottom())["z"].std((0, 2, 3)).max() < 1e-6


def test_groups_with_shared_weights_fold_one_by_one():
    head = CONV.replace("convolution_param", 'param { name: "w" } convolution_param')
    twin = head.replace('"head"', '"twin"').replace('"y"', '"v"')
    net = net_of(head, SCALE, twin, SCALE.replace('"y"', '"v"').replace('"z"', '"t"').replace('"scale"', '"other"'))
    assert len(folded(net)) == 2
    check(net)
