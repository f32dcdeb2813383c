"""MatMul and Gemm against sums over indices."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


@pytest.mark.parametrize("turn_a", [False, True])
@pytest.mark.parametrize("turn_b", [False, True])
def test_products_of_matrices(turn_a: bool, turn_b: bool):
    a, b = draw(2, 3, 4, 5), draw(2, 3, 5, 7, seed=2)
    wanted = torch.einsum("ncik,nckj->ncij", a, b)
    param = f"matmul_param {{ transpose_a: {str(turn_a).lower()} transpose_b: {str(turn_b).lower()} }}"
    given = {"a": a.transpose(2, 3) if turn_a else a, "b": b.transpose(2, 3) if turn_b else b}
    torch.testing.assert_close(top_of("MatMul", param, **{name: x.contiguous() for name, x in given.items()}), wanted)


def test_one_matrix_for_all():
    a, b = draw(2, 3, 4, 5), draw(5, 7, seed=2)
    torch.testing.assert_close(top_of("MatMul", a=a, b=b), torch.einsum("ncik,kj->ncij", a, b))


def test_a_blob_as_matrix():
    net = one_layer("MatMul", "matmul_param { blob_shape: [5, 7] }", a=(2, 3, 5))
    a, b = draw(2, 3, 5), draw(5, 7, seed=2)
    with torch.no_grad():
        net.params["l"][0].copy_(b)
    torch.testing.assert_close(net(a=a)["y0"], torch.einsum("nik,kj->nij", a, b))


@pytest.mark.parametrize(("param", "shapes", "said"), [
    ("", ((2, 3, 5), (2, 4, 3)), "the last size of a"), ("", ((2, 3, 5), (1, 5, 3)), "the last size of a"),
    ("", ((2, 3, 5), (5,)), "the last size of a"), ("", ((3, 5), (2, 5, 4)), "the last size of a"),
    ("transpose_b: true", ((2, 3, 5), (4, 5)), "turns it or the others"),
    ("", ((2, 3),), "the shape of its blob"), ("blob_shape: [4, 5]", ((2, 3),), "by a blob of shape .4, 5."),
])
def test_matrices_that_do_not_fit_are_refused(param: str, shapes: tuple[tuple[int, ...], ...], said: str):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("MatMul", f"matmul_param {{ {param} }}", **{f"x{i}": shape for i, shape in enumerate(shapes)})


@pytest.mark.parametrize("shape", [(2, 5), (2, 1), (1, 5), (1,)])
def test_a_product_and_a_third(shape: tuple[int, ...]):
    a, b, c = draw(3, 2), draw(5, 3, seed=2), draw(*shape, seed=3)
    top = top_of("Gemm", "gemm_param { transA: 1 transB: 1 alpha: 0.5 beta: -2 }", a=a, b=b, c=c)
    torch.testing.assert_close(top, 0.5 * torch.einsum("ki,jk->ij", a, b) - 2 * c.expand(2, 5))


@pytest.mark.parametrize(("param", "shapes", "said"), [
    ("", ((2, 3), (5, 3), (1,)), "as many columns"), ("", ((2, 3), (3, 5), (5,)), "the third wants the shape .2, 5."),
    ("transB: 2", ((2, 3), (3, 5), (1,)), "it is 0 or 1"),
])
def test_a_gemm_that_does_not_fit_is_refused(param: str, shapes: tuple[tuple[int, ...], ...], said: str):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("Gemm", f"gemm_param {{ {param} }}", **{f"x{i}": shape for i, shape in enumerate(shapes)})
