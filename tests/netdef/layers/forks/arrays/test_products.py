"""Axpy and its like against sums over indices."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


def test_axpy_and_mul():
    a, x, y = draw(2, 3), draw(2, 3, 5, 4), draw(2, 3, 5, 4, seed=2)
    for factors in (a, a[:, :, None, None]):
        torch.testing.assert_close(top_of("Axpy", "", a=factors, x=x, y=y), torch.einsum("nc,nchw->nchw", a, x) + y)
    torch.testing.assert_close(top_of("Mul", "", x=x, a=a[:, :, None, None]), torch.einsum("nc,nchw->nchw", a, x))
    with pytest.raises(netdef.SpecError, match="one factor a channel"):
        top_of("Axpy", "", a=draw(2, 4), x=x, y=y)


def test_a_factor_for_each_channel_of_each_item():
    a, x = draw(2, 3), draw(2, 3, 5, 4)
    wanted = torch.einsum("nc,nchw->nchw", a, x)
    for factors in (a, a[:, :, None, None]):
        torch.testing.assert_close(top_of("BroadcastMul", "", x=x, a=factors), wanted)
        torch.testing.assert_close(top_of("BroadcastMul", "", a=factors, x=x), wanted)
    torch.testing.assert_close(top_of("BroadcastMul", "", x=a, a=a[:, :, None, None]), a * a)
    with pytest.raises(netdef.SpecError, match="a number for each channel of each item of the other"):
        one_layer("BroadcastMul", "", x=(2, 3, 5, 4), a=(1, 3))


def test_a_blob_of_coefficients():
    """Rows 1 2 and 3 4, and ones; the first row twice the first, the second once the first and five times the second."""
    x, ones = torch.tensor([[1.0, 2], [3, 4]]).double(), torch.ones(2, 2).double()
    k = torch.tensor([[2.0, 1], [0, 5]]).double()
    assert top_of("Eltwise", "eltwise_param { coeff_blob: true }", x=x, y=ones, k=k).tolist() == [[2, 4], [8, 9]]
    scaled = top_of("Eltwise", "eltwise_param { coeff_blob: true coeff: -1 coeff: 2 }", x=x, y=ones, k=k)
    assert scaled.tolist() == [[-2, -4], [7, 6]]
    whole = top_of("Eltwise", "eltwise_param { coeff_blob: true }", x=x, y=ones, k=torch.tensor([3.0, -1]).double())
    assert whole.tolist() == [[2, 5], [8, 11]]


@pytest.mark.parametrize(
    ("param", "k", "words"),
    [
        ("coeff_blob: true operation: PROD", (2, 2), "not SUM"),
        ("coeff_blob: true", (3, 2), "the last wants 2 numbers"),
        ("coeff_blob: true", (2, 3), "the last wants 2 numbers"),
        ("coeff_blob: true coeff: 1", (2, 2), "has 2 bottoms and 1 `coeff`"),
    ],
)
def test_coefficients_that_do_not_fit_are_refused(param, k, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("Eltwise", f"eltwise_param {{ {param} }}", x=(2, 2), y=(2, 2), k=k)


def test_bottoms_times_a_number_of_the_text():
    x, y = torch.arange(6.0).reshape(2, 3).double().requires_grad_(), torch.ones(4).double()
    net = one_layer("Scale", "scale_param { scale_factor: 0.25 }", "TRAIN", tops=2, x=x, y=y)
    tops = net(x=x, y=y)
    assert torch.equal(tops["y0"], x / 4) and tops["y1"].tolist() == [0.25] * 4 and not net.params
    tops["y0"].sum().backward()
    assert x.grad.unique().tolist() == [0.25]


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_products_of_matrices(phase):
    a, b = draw(2, 3, 4), draw(2, 4, 5, seed=2)
    torch.testing.assert_close(top_of("MatrixProd", "", phase, a=a, b=b), torch.einsum("lkm,lmn->lkn", a, b))
    rows = draw(1, 2, 4, seed=3)
    torch.testing.assert_close(top_of("MatrixProd", "", phase, a=rows, b=b), torch.einsum("xlm,lmn->xln", rows, b))
    check_layer('layer { name: "l" type: "MatrixProd" bottom: "a" bottom: "b" top: "y" }', a=(1, 2, 4), b=(2, 4, 5))
    with pytest.raises(netdef.SpecError, match=r"they must be \(L, K, M\) and \(L, M, N\)"):
        one_layer("MatrixProd", "", a=(2, 3, 4), b=(2, 5, 4))


def test_outer_products_give_the_second_alone_a_gradient():
    x, y = draw(2, 3).requires_grad_(), draw(2, 5, 1, 1, seed=2).requires_grad_()
    top = one_layer("OuterProduct", phase="TRAIN", x=x, y=y)(x=x, y=y)["y0"]
    torch.testing.assert_close(top, torch.einsum("na,nb->nab", x, y[:, :, 0, 0])[..., None])
    top.sum().backward()
    assert x.grad is None
    torch.testing.assert_close(y.grad, x.sum(1).detach()[:, None, None, None].expand(2, 5, 1, 1))
    with pytest.raises(netdef.SpecError, match=r"it wants \(N, A\) and \(N, B\)"):
        one_layer("OuterProduct", x=(2, 3), y=(4, 5))


def test_a_factor_for_each_place():
    x, factors = draw(2, 3, 5, 4), draw(2, 1, 5, 4, seed=2)
    torch.testing.assert_close(top_of("SpatialProduct", x=x, w=factors), torch.einsum("nchw,nhw->nchw", x, factors[:, 0]))
    with pytest.raises(netdef.SpecError, match="it wants a factor for each place"):
        one_layer("SpatialProduct", x=x, w=(2, 3, 5, 4))


def test_bilinear_sums_products_of_channels_over_places():
    x = torch.tensor([[1.0, 2], [3, 4]]).reshape(1, 2, 1, 2).double()
    y = torch.tensor([[1.0, 10], [100, 0], [0, 1]]).reshape(1, 3, 1, 2).double()
    top = top_of("Bilinear", x=x, y=y)
    assert top.shape == (1, 6, 1, 1) and top.flatten().tolist() == [21, 100, 2, 43, 300, 4]
    with pytest.raises(netdef.SpecError, match="channels alone"):
        one_layer("Bilinear", x=(2, 3, 5, 4), y=(2, 3, 4, 5))
