"""Eltwise: sums, products, maxima, and layers in place."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.errors import SpecError

VALUES = {
    "a": [[1.0, 2.0, 3.0], [4.0, 5.0, 0.0]],
    "b": [[1.0, 7.0, -3.0], [4.0, 0.0, 0.0]],
    "c": [[9.0, 7.0, 3.0], [4.0, 6.0, 2.0]],
}


def run(param: str, names: str = "abc", top: str = "y") -> tuple[list, dict[str, list]]:
    """The top, and the gradient of each bottom under the top's sum."""
    tops = "".join(f' top: "{name}"' for name in names)
    net = netdef.loads(f'layer {{ name: "i" type: "Input"{tops} input_param {{ shape {{ dim: 2 dim: 3 }} }} }}'
                       f'layer {{ name: "l" type: "Eltwise"{tops.replace("top", "bottom")} top: "{top}" '
                       f"eltwise_param {{ {param} }} }}")
    inputs = {name: torch.tensor(VALUES[name], requires_grad=True) for name in names}
    y = net(**inputs)[top]
    y.sum().backward()
    return y.tolist(), {name: x.grad.tolist() for name, x in inputs.items()}


def ones(value: float) -> list:
    return [[value] * 3] * 2


def test_sum_with_and_without_coefficients():
    assert run("") == ([[11, 16, 3], [12, 11, 2]], {"a": ones(1), "b": ones(1), "c": ones(1)})
    y, grads = run("coeff: 2 coeff: -1 coeff: 0.5")
    assert y == [[5.5, 0.5, 10.5], [6, 13, 1]]
    assert grads == {"a": ones(2), "b": ones(-1), "c": ones(0.5)}
    assert run("coeff: 1 coeff: -1", "ab")[0] == [[0, -5, 6], [0, 5, 0]]


def test_sum_in_place_keeps_the_bottom():
    """Caffe writes the top before it reads the bottom in its place, and gives `b` alone."""
    assert run("operation: SUM", "ab", "a") == ([[2, 9, 0], [8, 5, 0]], {"a": ones(1), "b": ones(1)})


@pytest.mark.parametrize("stable", ["true", "false"])
@pytest.mark.parametrize("top", ["a", "y"])
def test_product_gradient_is_the_other_factors_even_where_they_are_zero(top, stable):
    y, grads = run(f"operation: PROD stable_prod_grad: {stable}", "ab", top)
    assert y == [[1, 14, -9], [16, 0, 0]]
    assert grads == {"a": VALUES["b"], "b": VALUES["a"]}


def test_product_of_three():
    y, grads = run("operation: PROD")
    assert y == [[9, 98, -27], [64, 0, 0]]
    assert grads["c"] == [[1, 14, -9], [16, 0, 0]]


def test_ties_of_a_maximum_go_to_the_second_and_then_to_the_earlier():
    y, grads = run("operation: MAX")
    assert y == [[9, 7, 3], [4, 6, 2]]
    assert grads == {"a": [[0, 0, 1], [0, 0, 0]], "b": [[0, 1, 0], [1, 0, 0]], "c": [[1, 0, 0], [0, 1, 1]]}


def test_one_bottom_is_multiplied_by_its_coefficient():
    y, grads = run("coeff: 0.5", "a")
    assert y == [[value / 2 for value in row] for row in VALUES["a"]]
    assert grads == {"a": ones(0.5)}
    with pytest.raises(SpecError, match="takes at least 2 bottoms, the text gives 1; one alone needs a `coeff`"):
        run("", "a")


@pytest.mark.parametrize("param, words", [
    ("operation: MAX coeff: 1 coeff: 1", "has coefficients with operation MAX; only SUM takes them"),
    ("coeff: 1 coeff: 1 coeff: 1", "has 2 bottoms and 3 `coeff`"),
])
def test_coefficients_that_do_not_fit_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        run(param, "ab")


def test_the_sum_of_cambricons_fork():
    assert top_of("Add", a=torch.tensor([1.0, 2, 3]), b=torch.tensor([4.0, 0, -1])).tolist() == [5, 2, 2]
    with pytest.raises(SpecError, match="takes 2 bottoms"):
        one_layer("Add", a=(2, 3))


@pytest.mark.parametrize("operation, expected, slope", [
    ("SUM", [[3, 5, 2], [6, 3, 9]], 6), ("PROD", [[2, 6, 0], [8, 2, 14]], 16), ("MAX", [[2, 3, 2], [4, 2, 7]], 3)])
def test_one_number_for_all(operation, expected, slope):
    """2 with 1, 3, 0 and 4, 1, 7, whose sum is 16; in MAX it is the greater thrice."""
    x = torch.tensor([[1.0, 3, 0], [4, 1, 7]]).double()
    two = torch.tensor(2.0).double().requires_grad_()
    top = one_layer("Eltwise", f"eltwise_param {{ operation: {operation} }}", "TRAIN", x=x, y=two)(x=x, y=two)["y0"]
    assert top.tolist() == expected
    assert torch.autograd.grad(top.sum(), two)[0] == slope


def test_a_second_bottom_with_some_axes_of_the_first():
    x, y, z = draw(2, 3, 5, 4), draw(3, 5, seed=2), draw(2, 3, 5, 4, seed=3)
    top = top_of("Eltwise", "eltwise_param { axis: 1 coeff: 1 coeff: -2 coeff: 3 }", x=x, y=y, z=z)
    torch.testing.assert_close(top, x - 2 * torch.einsum("ch,nchw->nchw", y, torch.ones_like(x)) + 3 * z)
    with pytest.raises(netdef.SpecError, match="from axis 2 on the first must have the axes of the second"):
        one_layer("Eltwise", "eltwise_param { axis: 2 }", x=x, y=y)
    with pytest.raises(netdef.SpecError, match="all must be of one shape"):
        one_layer("Eltwise", "", x=(3, 5), y=(3,))


def test_quotients_and_minima_of_synopsys():
    x, two = torch.tensor([[1.0, 3], [4, 1]]).double(), torch.tensor(2.0).double()
    assert top_of("Eltwise", "eltwise_param { operation: DIV }", x=x, y=two).tolist() == [[0.5, 1.5], [2, 0.5]]
    with pytest.raises(netdef.SpecError, match="it wants two"):
        run("operation: DIV")
    top, gradients = run("operation: MIN")
    assert top == [[1, 2, -3], [4, 0, 0]]
    assert gradients["b"] == [[1, 0, 1], [1, 1, 1]] and gradients["c"] == [[0, 0, 0], [0, 0, 0]]  # ties: the second
