"""Passes by hand: from layer to layer with what a script wrote in the middle, and back."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import netdef
from netdef.errors import NetdefError
from netdef.pycaffe.net import Net

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 2 } } }
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1"
        inner_product_param { num_output: 4 weight_filler { type: "gaussian" } } }
layer { name: "tanh" type: "TanH" bottom: "ip1" top: "ip1" }
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2"
        inner_product_param { num_output: 5 weight_filler { type: "gaussian" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" loss_weight: 3 }
"""


def make(text=TEXT, phase="TRAIN"):
    return Net.of(netdef.loads(text, phase=phase))


def noise(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def filled(text=TEXT, phase="TRAIN"):
    net = make(text, phase)
    net.blobs["data"].data[...] = noise(2, 3)
    net.blobs["label"].data[...] = [1, 4]
    return net


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


def test_forward_from_the_middle_takes_what_is_written_there():
    net = filled()
    net.forward()
    net.blobs["ip1"].data[...] = noise(2, 4)
    found = net.forward(start="ip2", end="ip2")
    weight, bias = (blob.data for blob in net.params["ip2"])
    close(found["ip2"], noise(2, 4) @ weight.T + bias)
    assert found.keys() == {"ip2"}


def test_forward_through_a_layer_in_place_works_on_what_the_blob_holds():
    net = filled()
    net.forward(end="ip1")
    before = net.blobs["ip1"].data.copy()
    close(net.forward(start="tanh", end="tanh")["ip1"], np.tanh(before))
    close(net.forward(start="tanh", end="tanh")["ip1"], np.tanh(np.tanh(before)))


def test_what_is_written_to_a_blob_reaches_all_readers_of_its_split():
    net = make(TEXT + 'layer { name: "more" type: "Power" bottom: "ip1" top: "more" power_param { scale: 2 } }')
    net.blobs["ip1"].data[...] = noise(2, 4)
    close(net.forward(start="more")["more"], 2 * noise(2, 4))


def by_hand(net):
    """Gradients of the whole net, from the definition of its layers."""
    (w1, b1), (w2, b2) = ([blob.data for blob in net.params[name]] for name in ("ip1", "ip2"))
    x, label = net.blobs["data"].data, net.blobs["label"].data.astype(int)
    hidden = np.tanh(x @ w1.T + b1)
    scores = np.exp(hidden @ w2.T + b2)
    slope2 = scores / scores.sum(1, keepdims=True)
    slope2[range(2), label] -= 1
    slope2 *= 3 / 2  # the loss's weight, the mean over the batch
    slope1 = (slope2 @ w2) * (1 - hidden**2)
    return {"w1": slope1.T @ x, "b1": slope1.sum(0), "w2": slope2.T @ hidden, "b2": slope2.sum(0), "ip2": slope2, "ip1": slope1}


def test_backward_begins_at_the_losses_weight():
    net = filled()
    assert net.blobs["loss"].diff == 3
    net.forward()
    net.backward()
    wanted = by_hand(net)
    for key, name, index in (("w1", "ip1", 0), ("b1", "ip1", 1), ("w2", "ip2", 0), ("b2", "ip2", 1)):
        close(net.params[name][index].diff, wanted[key])
    close(net.blobs["ip2"].diff, wanted["ip2"])
    close(net.blobs["ip1"].diff, wanted["ip1"])  # in place: at the end of the pass that of the layer's bottom
    assert not net.blobs["data"].diff.any()  # nothing goes to inputs without force_backward


def test_gradients_of_parameters_add_up_until_they_are_cleared():
    net = filled()
    net.forward()
    net.backward()
    once = net.params["ip1"][0].diff.copy()
    net.forward()
    net.backward()
    close(net.params["ip1"][0].diff, 2 * once)
    net.backward()
    close(net.params["ip1"][0].diff, 3 * once)
    net.clear_param_diffs()
    assert not net.params["ip1"][0].diff.any()
    net.params["ip1"][0].diff[...] = 10
    net.backward()
    close(net.params["ip1"][0].diff, 10 + once)


def test_backward_from_the_middle_takes_the_gradient_that_is_written_there():
    net = filled("force_backward: true" + TEXT)
    net.forward()
    net.blobs["ip2"].diff[...] = noise(2, 5)
    found = net.backward(start="ip2", end="ip2")
    close(found["ip1"], noise(2, 5) @ net.params["ip2"][0].data)
    found = net.backward(["ip1"], start="tanh")
    hidden = net.blobs["ip1"].data
    slope = (noise(2, 5) @ net.params["ip2"][0].data) * (1 - hidden**2)
    close(found["data"], slope @ net.params["ip1"][0].data)
    close(found["ip1"], slope)


def test_a_backward_pass_without_any_forward_pass_works_on_what_blobs_hold():
    net = filled()
    net.blobs["ip1"].data[...] = noise(2, 4)
    net.blobs["ip2"].diff[...] = noise(2, 5)
    close(net.backward(start="ip2", end="ip2")["ip1"], noise(2, 5) @ net.params["ip2"][0].data)
    close(net.params["ip2"][0].diff, noise(2, 5).T @ noise(2, 4))


def test_a_net_for_testing_has_the_same_gradients_from_its_first_backward_pass_on():
    net = filled(phase="TEST")
    for count in (1, 2):
        net.forward()
        net.backward()
        close(net.params["ip1"][0].diff, count * by_hand(net)["w1"])


def test_forced_gradients_of_frozen_weights():
    frozen = TEXT.replace('top: "ip1"\n', 'top: "ip1" param { lr_mult: 0 }\n', 1)
    for text, some in ((frozen, False), ("force_backward: true" + frozen, True)):
        net = filled(text)
        net.forward()
        net.backward()
        assert net.params["ip1"][0].diff.any() == some and net.params["ip1"][1].diff.any()
        assert not net.module.layers["ip1"].weight.requires_grad


IN_PLACE = {
    "Sigmoid": ("", lambda x: 1 / (1 + np.exp(-x))),
    "TanH": ("", np.tanh),
    "ELU": ("elu_param { alpha: 0.7 }", lambda x: np.where(x > 0, x, 0.7 * (np.exp(x) - 1))),
    "ReLU": ("relu_param { negative_slope: 0.2 }", lambda x: np.where(x > 0, x, 0.2 * x)),
    "Power": ("power_param { power: 3 scale: 0.5 shift: 2 }", lambda x: (2 + 0.5 * x) ** 3),
    "Exp": ("exp_param { scale: 0.3 shift: 0.1 }", lambda x: np.exp(0.3 * x + 0.1)),
    "PReLU": ("", lambda x: np.where(x > 0, x, 0.25 * x)),
    "BNLL": ("", lambda x: np.log1p(np.exp(x))),
    "Swish": ("", lambda x: x / (1 + np.exp(-x))),
}


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("maker", ["Power", "Input"])
@pytest.mark.parametrize("kind", IN_PLACE)
def test_gradients_of_layers_in_place(kind, maker, phase):
    """Also where the bottom that is overwritten is the script's own array."""
    param, function = IN_PLACE[kind]
    blob, between = ("data", "") if maker == "Input" else ("x", 'layer { name: "x" type: "Power" bottom: "data" top: "x" }')
    net = make(f"""force_backward: true
layer {{ name: "in" type: "Input" top: "data" input_param {{ shape {{ dim: 2 dim: 3 }} }} }}
{between}
layer {{ name: "f" type: "{kind}" bottom: "{blob}" top: "{blob}" {param} }}
""", phase)
    x = noise(2, 3)
    _ = [each.data for each in net.blobs.values()]
    net.blobs["data"].data[...] = x
    net.forward()
    close(net.blobs[blob].data, function(x))
    net.blobs[blob].diff[...] = noise(3, 2).T
    net.backward()
    step = 1e-4
    slope = (function(x.astype(float) + step) - function(x.astype(float) - step)) / (2 * step)
    np.testing.assert_allclose(net.blobs["data"].diff, noise(3, 2).T * slope, rtol=1e-3, atol=1e-4)


def test_two_layers_in_place_in_a_net_that_was_not_recorded():
    text = """
layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "gaussian" } } }
layer { name: "sigmoid" type: "Sigmoid" bottom: "ip" top: "ip" }
layer { name: "square" type: "Power" bottom: "ip" top: "ip" power_param { power: 2 } }
layer { name: "loss" type: "Reduction" bottom: "ip" top: "loss" loss_weight: 1 }
"""
    net = make(text, "TEST")
    net.forward(data=noise(2, 3))
    net.backward()
    weight, bias = (blob.data for blob in net.params["ip"])
    s = 1 / (1 + np.exp(-(noise(2, 3) @ weight.T + bias)))
    close(net.params["ip"][0].diff, (2 * s * s * (1 - s)).T @ noise(2, 3))


def test_statistics_count_a_batch_once_though_a_layer_is_run_again_for_its_backward_pass():
    text = """
layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 4 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
        inner_product_param { num_output: 2 weight_filler { type: "gaussian" } } }
layer { name: "bn" type: "BatchNorm" bottom: "ip" top: "bn" batch_norm_param { use_global_stats: false } }
layer { name: "loss" type: "Reduction" bottom: "bn" top: "loss" loss_weight: 1 reduction_param { operation: SUMSQ } }
"""
    net = make(text, "TEST")
    net.forward(data=noise(4, 3))
    net.backward()
    assert net.params["bn"][2].data == 1


def test_weights_that_were_updated_after_the_forward_pass():
    """As in Caffe a backward pass works with the weights as they are."""
    net = filled()
    net.forward()
    with torch.no_grad():
        net.module.layers["ip2"].weight.mul_(2)
    net.blobs["ip2"].diff[...] = noise(2, 5)
    close(net.backward(start="ip2", end="ip2")["ip1"], noise(2, 5) @ net.params["ip2"][0].data)


def test_hooks_are_called_before_and_after_each_layer():
    net, called = filled(), []
    for name in ("before_forward", "after_forward", "before_backward", "after_backward"):
        getattr(net, name)(lambda index, name=name: called.append((name, index)))
    net.forward(start="ip2", end="loss")
    net.backward(end="ip2")
    ip2, loss = (net._layer_names.index(name) for name in ("ip2", "loss"))
    assert called == [(name, i) for i in (ip2, loss) for name in ("before_forward", "after_forward")] + [
        (name, i) for i in (loss, ip2) for name in ("before_backward", "after_backward")]


def test_a_hook_may_look_at_and_write_blobs():
    net = filled()
    net.after_forward(lambda index: net.blobs["ip1"].data.__imul__(0) if net._layer_names[index] == "tanh" else None)
    net.forward()
    close(net.blobs["ip2"].data, np.broadcast_to(net.params["ip2"][1].data, (2, 5)))


def test_dropout_drops_the_same_on_the_way_back():
    net = make("""force_backward: true
layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 5 dim: 40 } } }
layer { name: "drop" type: "Dropout" bottom: "data" top: "drop" dropout_param { dropout_ratio: 0.4 } }
""")
    kept = net.forward(data=np.ones((5, 40)))["drop"] != 0
    assert 0.3 < kept.mean() < 0.9
    close(net.backward(drop=np.ones((5, 40)))["data"], kept / 0.6)


def test_a_label_that_is_no_class_is_named_with_its_layer_and_the_way_out():
    """As SegNet's scripts meet it: pixels of no class have the label after the last one's."""
    net = filled(TEXT.replace("SoftmaxWithLoss", "Accuracy").replace("loss_weight: 3", ""))
    net.blobs["label"].data[...] = [4, 5]
    for run in (net.forward, lambda: net._forward(4, 5)):
        with pytest.raises(NetdefError) as raised:
            run()
        assert str(raised.value) == ("layer `loss` (Accuracy) got the label 5; its scores have 5 classes, 0 to 4; "
                                     "`accuracy_param { ignore_label: 5 }` leaves that label out")
