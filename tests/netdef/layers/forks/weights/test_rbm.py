"""RBMInnerProduct: contrastive divergence; BernoulliSample."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of
from torch import Tensor

import netdef

SIGMOIDS = 'hidden_activation_layer_param { type: "Sigmoid" } visible_activation_layer_param { type: "Sigmoid" }'
DRAWN = 'hidden_sampling_layer_param { type: "BernoulliSample" } visible_sampling_layer_param { type: "BernoulliSample" }'
X = torch.tensor([[1.0, 0, 1], [0, 1, 1]]).double()
WEIGHT = torch.tensor([[0.5, -1, 0.25], [1, 0.5, -0.5]]).double()
BIAS, VISIBLE = torch.tensor([0.25, -0.5]).double(), torch.tensor([[0.5, 0, -0.25]]).double()


def param(more: str, outputs: int = 2) -> str:
    return ("rbm_inner_product_param { connection_layer_param { type: 'InnerProduct' inner_product_param { num_output: "
            f"{outputs} }} }} {more} }}")


def sigmoid(rows: Tensor) -> Tensor:
    return 1 / (1 + (-rows).exp())


def machine(more: str, tops: int, x: Tensor = X, *blobs: Tensor) -> netdef.Net:
    net = one_layer("RBMInnerProduct", param(more), "TRAIN", tops=tops, x=x)
    with torch.no_grad():
        for blob, value in zip(net.params["l"], blobs or (WEIGHT, BIAS, VISIBLE), strict=True):
            blob.copy_(value)
    return net


@pytest.mark.parametrize("steps", [1, 2])
def test_steps_down_and_up_without_drawing(steps: int):
    net = machine(f"{SIGMOIDS} sample_steps_in_update: {steps} loss_measure: RECONSTRUCTION", 3)
    tops = net(x=X)
    first = hidden = sigmoid(X @ WEIGHT.t() + BIAS)
    visible = []
    for _ in range(steps):
        visible.append(sigmoid(hidden @ WEIGHT + VISIBLE))
        plain = visible[-1] @ WEIGHT.t() + BIAS
        hidden = sigmoid(plain)
    torch.testing.assert_close([tops[f"y{i}"] for i in range(3)], [plain, hidden, visible[0]])
    (7 * tops["y2"].sum()).backward()  # whatever the loss is
    weight, bias, visible_bias = net.params["l"]
    torch.testing.assert_close(weight.grad, hidden.t() @ visible[-1] - first.t() @ X)
    torch.testing.assert_close(bias.grad, (hidden - first).sum(0))
    torch.testing.assert_close(visible_bias.grad, (visible[-1] - X).sum(0, keepdim=True))


def test_numbers_are_drawn_by_their_probabilities():
    """Weights of 100 leave no doubt: hidden 1 is on for the first item, hidden 2 for the second, and each draws its item."""
    weight = torch.tensor([[100.0, -100, 0], [-100, 100, 0]]).double()
    net = machine(f"{SIGMOIDS} {DRAWN} loss_measure: RECONSTRUCTION", 4, X, weight, torch.zeros(2), torch.tensor([[0.0, 0, 200]]))
    tops = net(x=X)
    assert tops["y2"].tolist() == [[1, 0], [0, 1]]
    torch.testing.assert_close(tops["y3"], X)
    tops["y3"].sum().backward()
    assert max(blob.grad.abs().max().item() for blob in net.params["l"]) < 1e-9  # the same at the end as at the beginning


def test_the_gradient_of_the_bottom_is_the_way_down():
    x = X.clone().requires_grad_()
    net = machine(f"{SIGMOIDS} forward_is_update: false", 1)
    top = net(x=x)["y0"]
    torch.testing.assert_close(top, X @ WEIGHT.t() + BIAS)
    outer = torch.tensor([[1.0, 2], [-1, 0.5]]).double()
    top.backward(outer)
    torch.testing.assert_close(x.grad, outer @ WEIGHT + VISIBLE)
    assert all(not blob.grad.any() for blob in net.params["l"])


@pytest.mark.parametrize(("text", "tops", "words"), [
    ("rbm_inner_product_param { }", 1, "`connection_layer_param` of type InnerProduct"),
    (param('hidden_activation_layer_param { type: "ReLU" }'), 1, "of type ReLU; only Sigmoid is implemented"),
    (param("loss_measure: FREE_ENERGY"), 1, "never implemented"),
    (param("loss_measure: RECONSTRUCTION"), 5, "has 5 tops; with 1 `loss_measure` it takes 1 to 4"),
    (param("", outputs=0), 1, "num_output"),
])
def test_other_forms_are_refused(text: str, tops: int, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("RBMInnerProduct", text, tops=tops, x=(2, 3))


def test_samples():
    x = torch.full((2000, 3), 0.5).double() * torch.tensor([0.0, 1, 2]).double()
    top = top_of("BernoulliSample", x=x)
    assert set(top.flatten().tolist()) == {0, 1}
    assert top.mean(0).tolist() == pytest.approx([0, 0.5, 1], abs=5 * math.sqrt(0.25 / 2000))
