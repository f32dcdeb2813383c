"""A net's passes, watched layer by layer."""

from __future__ import annotations

import torch

import netdef
from netdef.graph.watch import PassWatcher, watched

# `a` is read by two layers, by one of them after it was overwritten in place.
NET = """
    layer { name: "in" type: "Input" top: "x" top: "t" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 5 } } }
    layer { name: "a" type: "InnerProduct" bottom: "x" top: "a"
            inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
    layer { name: "relu" type: "ReLU" bottom: "a" top: "a" }
    layer { name: "b" type: "InnerProduct" bottom: "a" top: "b"
            inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
    layer { name: "sum" type: "Eltwise" bottom: "a" bottom: "b" top: "c" eltwise_param { coeff: 2 coeff: 3 } }
    layer { name: "loss" type: "EuclideanLoss" bottom: "c" bottom: "t" top: "loss" }
"""


class Diary(PassWatcher):
    def __init__(self):
        self.events: list[tuple] = []
        self.gradients: dict[tuple[str, int], torch.Tensor] = {}

    def began(self, inputs):
        self.events.append(("began", *inputs))

    def before(self, node, bottoms):
        self.events.append(("before", node.key, [tuple(bottom.shape) for bottom in bottoms]))

    def after(self, node, tops):
        self.events.append(("after", node.key, [tuple(top.shape) for top in tops]))

    def ended(self):
        self.events.append(("ended",))

    def gradient(self, node, bottom, gradient):
        self.gradients[node.key, bottom] = gradient


def one_pass(net, x, t):
    net.zero_grad()
    loss = net(x, t)["loss"]
    loss.backward()
    return [loss.detach(), *(parameter.grad for parameter in net.parameters())]


def test_a_pass_is_reported_layer_by_layer_and_stays_the_same_to_the_bit():
    net, diary = netdef.loads(NET, phase="TRAIN"), Diary()
    x, t = torch.randn(2, 3), torch.randn(2, 5)
    plain = one_pass(net, x, t)
    with watched(net, diary):
        seen = one_pass(net, x, t)
    assert all(torch.equal(a, b) for a, b in zip(plain, seen, strict=True))
    assert diary.events[:4] == [
        ("began", "x", "t"), ("before", "a", [(2, 3)]), ("after", "a", [(2, 5)]), ("before", "relu", [(2, 5)])]
    assert [event[1] for event in diary.events if event[0] == "after"] == ["a", "relu", "b", "sum", "loss"]
    assert diary.events[-1] == ("ended",)
    diary.events.clear()
    one_pass(net, x, t)
    assert not diary.events  # nobody watches any more


def test_each_reader_of_a_blob_has_a_gradient_of_its_own():
    net, diary = netdef.loads(NET, phase="TRAIN"), Diary()
    x, t = torch.randn(2, 3), torch.randn(2, 5)
    with watched(net, diary):
        one_pass(net, x, t)
    outputs = net.activations(x, t)
    of_c = ((outputs["c"] - t) / 2).detach()  # the loss is half the mean over two items of squared distances
    weight = net.params["b"][0].detach()
    wanted = {("loss", 0): of_c, ("sum", 0): 2 * of_c, ("sum", 1): 3 * of_c, ("b", 0): 3 * of_c @ weight,
              ("relu", 0): (2 * of_c + 3 * of_c @ weight) * (outputs["a"] > 0)}
    assert diary.gradients.keys() == wanted.keys()
    for key, gradient in wanted.items():
        torch.testing.assert_close(diary.gradients[key], gradient)
