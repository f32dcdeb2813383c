"""InnerProduct with `index_input_dim`."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError

INDICES = torch.tensor([3.0, 0, 3]).double()


def test_it_is_a_product_with_one_hot_vectors():
    net = one_layer("InnerProduct", "inner_product_param { index_input_dim: 4 num_output: 2 }", "TRAIN", x=(3, 1, 1))
    weight, bias = net.params["l"]
    with torch.no_grad():
        weight.copy_(draw(4, 2)), bias.copy_(draw(2))
    y = net(x=INDICES.reshape(3, 1, 1))["y0"]
    assert torch.allclose(y, torch.nn.functional.one_hot(INDICES.long(), 4).double() @ weight + bias)
    (y * draw(3, 2, seed=3)).sum().backward()
    wanted = torch.zeros(4, 2).double()
    wanted[0], wanted[3] = draw(3, 2, seed=3)[1], draw(3, 2, seed=3)[[0, 2]].sum(0)
    assert torch.allclose(weight.grad, wanted)


def test_backward_itself_changes_the_weight():
    param = "index_input_dim: 4 num_output: 2 bias_term: false backward_update_lr: 0.5"
    net = one_layer("InnerProduct", f"param {{ lr_mult: 0 }} inner_product_param {{ {param} }}", "TRAIN", x=(3,))
    (weight,) = net.params["l"]
    with torch.no_grad():
        weight.copy_(draw(4, 2))
    net.train()
    net(x=INDICES)["y0"].sum().backward()
    assert torch.allclose(weight.detach(), draw(4, 2) - torch.tensor([[0.5], [0], [0], [1]]).double())
    before = weight.detach().clone()
    with torch.no_grad():
        net(x=INDICES)
    assert torch.equal(weight.detach(), before)


@pytest.mark.parametrize(("param", "shape", "words"), [
    ("index_input_dim: 4 num_output: 2", (3, 2), "one index an item"),
    ("index_input_dim: 4 num_output: 2 backward_update_lr: 1", (3,), "`param { lr_mult: 0 }`")])
def test_refusals(param, shape, words):
    with pytest.raises(SpecError, match=words):
        one_layer("InnerProduct", f"inner_product_param {{ {param} }}", x=shape)
