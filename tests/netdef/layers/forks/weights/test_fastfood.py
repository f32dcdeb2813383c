"""FastFood: a weight of diagonals and Hadamard transforms."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef

FILLERS = " ".join(f'{name}_filler {{ type: "gaussian" std: 1 }}' for name in ("s", "g", "b", "bias"))


def hadamard_matrix(size: int) -> torch.Tensor:
    """+1 where the bits that both indices share are even, else -1."""
    return torch.tensor([[(-1.0) ** (i & j).bit_count() for j in range(size)] for i in range(size)]).double()


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_product_of_its_factors(phase: str):
    x = draw(3, 2, 4).requires_grad_()
    net = one_layer("FastFood", f"fastfood_param {{ num_output: 8 {FILLERS} }}", phase, x=x)
    s, g, b, permutation, bias = net.params["l"]
    order = permutation.long()
    assert sorted(order.tolist()) == list(range(8)) and not permutation.requires_grad
    h = hadamard_matrix(8)
    weight = s[:, None] * (h @ torch.diag(g) @ torch.eye(8).double()[order] @ h @ torch.diag(b))
    top, wanted = net(x=x)["y0"], (x.flatten(1) @ weight.t() + bias)[:, :, None, None]
    assert top.shape == (3, 8, 1, 1)
    torch.testing.assert_close(top, wanted)
    outer = draw(3, 8, 1, 1, seed=2)
    for found, gradient in zip(*(torch.autograd.grad((y * outer).sum(), (x, s, g, b, bias), retain_graph=True)
                                 for y in (top, wanted))):
        torch.testing.assert_close(found, gradient)


def test_permutations_are_drawn_and_saved(tmp_path):
    orders = set()
    for _ in range(5):
        net = one_layer("FastFood", "fastfood_param { num_output: 16 bias_term: false }", x=(2, 16))
        orders.add(tuple(net.params["l"][3].tolist()))
    assert len(orders) > 1 and len(net.params["l"]) == 4
    netdef.save_weights(net, tmp_path / "w.caffemodel")
    other = one_layer("FastFood", "fastfood_param { num_output: 16 bias_term: false }", x=(2, 16))
    netdef.load_weights(other, tmp_path / "w.caffemodel")
    assert torch.equal(other.params["l"][3], net.params["l"][3])


@pytest.mark.parametrize(("param", "shape", "complaint"), [
    ("num_output: 6", (2, 6), "wants a power of 2 values an item"),
    ("num_output: 4", (2, 8), "has `num_output` 4; it must be the number of values an item, 8"),
    ("num_output: 4 axis: 2", (2, 3, 4), "wants one row an item"),
])
def test_what_does_not_fit_is_refused(param: str, shape: tuple, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("FastFood", f"fastfood_param {{ {param} }}", x=shape)
