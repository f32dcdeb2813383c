"""Correlation, Correlation1D and Corr1d, place by place."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError


def by_hand(a, b, kernel, reach, pad, s1, s2, columns, rows, subtract, rows_move):
    """Loops over displacements, places and patches; outside the padded blobs is 0."""
    n, channels, height, width = a.shape
    edge = kernel // 2
    tall = math.ceil((height + (2 * (pad - reach) if rows_move else 0) - 2 * edge) / s1)
    wide = math.ceil((width + 2 * (pad - reach) - 2 * edge) / s1)
    top, left = (reach - pad if rows_move else 0), reach - pad  # where the first patch begins, in the blobs themselves

    def at(x, row, column):
        inside = 0 <= row < height and 0 <= column < width
        return x[:, :, row, column] if inside else torch.zeros(n, channels).double()

    out = torch.zeros(n, len(rows) * len(columns), tall, wide).double()
    for q, (dy, dx) in enumerate((dy, dx) for dy in rows for dx in columns):
        for i, j in np.ndindex(tall, wide):
            for u, v in np.ndindex(kernel, kernel):
                y, x = top + i * s1 + u, left + j * s1 + v
                one, other = at(a, y, x), at(b, y + dy * s2, x + dx * s2)
                out[:, q, i, j] += ((one - other).abs() if subtract else one * other).sum(1)
    return out / (kernel * kernel * channels)


@pytest.mark.parametrize("subtract", [False, True])
@pytest.mark.parametrize(("kernel", "reach", "pad", "s1", "s2"), [(1, 1, 1, 1, 1), (3, 2, 3, 2, 2), (1, 3, 2, 1, 2)])
def test_displacements_in_both_axes(kernel, reach, pad, s1, s2, subtract):
    a, b = draw(2, 3, 6, 7), draw(2, 3, 6, 7, seed=2)
    steps = reach // s2
    around = range(-steps, steps + 1)
    param = (f"pad: {pad} kernel_size: {kernel} max_displacement: {reach} stride_1: {s1} stride_2: {s2} "
             f"correlation_type: {'SUBTRACT' if subtract else 'MULTIPLY'}")
    top = top_of("Correlation", f"correlation_param {{ {param} }}", a=a, b=b)
    torch.testing.assert_close(top, by_hand(a, b, kernel, reach, pad, s1, s2, around, around, subtract, True))


@pytest.mark.parametrize(("side", "columns"), [(0, range(-2, 3)), (1, range(3)), (-1, range(-3, 0))])
@pytest.mark.parametrize(("kernel", "pad"), [(1, 4), (3, 5), (1, 1)])
def test_displacements_in_columns(side, columns, kernel, pad):
    a, b = draw(2, 3, 5, 9), draw(2, 3, 5, 9, seed=2)
    param = f"pad: {pad} kernel_size: {kernel} max_displacement: 4 stride_2: 2 single_direction: {side}"
    top = top_of("Correlation1D", f"correlation_param {{ {param} }}", a=a, b=b)
    torch.testing.assert_close(top, by_hand(a, b, kernel, 4, pad, 1, 2, columns, [0], False, False))


def test_a_row_correlated_with_itself():
    """1 2 3 against itself one to the left, at its place, one to the right."""
    x = torch.tensor([1.0, 2, 3]).double().reshape(1, 1, 1, 3)
    top = top_of("Correlation", "correlation_param { pad: 1 kernel_size: 1 max_displacement: 1 }", a=x, b=x)
    assert top.shape == (1, 9, 1, 3) and top[0, 3:6, 0].tolist() == [[0, 2, 6], [1, 4, 9], [2, 6, 0]]
    assert not top[0, :3].any() and not top[0, 6:].any()


def test_the_size_of_flownets_top():
    param = "correlation_param { pad: 20 kernel_size: 1 max_displacement: 20 stride_2: 2 }"
    assert one_layer("Correlation", param, a=(1, 2, 6, 8), b=(1, 2, 6, 8)).shapes["y0"] == (1, 441, 6, 8)


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ("kernel_size: 2 max_displacement: 1", "`kernel_size` 2; it must be odd"),
        ("kernel_size: 1", "`max_displacement` of at least 1"),
        ("kernel_size: 1 max_displacement: 3", "nothing to compare"),
    ],
)
def test_bad_parameters_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        one_layer("Correlation", f"correlation_param {{ {param} }}", a=(1, 2, 6, 5), b=(1, 2, 6, 5))
    with pytest.raises(SpecError, match="must be of one shape"):
        one_layer("Correlation", "correlation_param { kernel_size: 1 max_displacement: 1 }", a=(1, 2, 6, 5), b=(1, 2, 5, 6))
    with pytest.raises(SpecError, match="it is -1, 0 or 1"):
        one_layer("Correlation1D", "correlation_param { kernel_size: 1 max_displacement: 1 single_direction: 2 }",
                  a=(1, 2, 6, 5), b=(1, 2, 6, 5))


@pytest.mark.parametrize(("kind", "param", "rows"), [
    ("Correlation", "pad: 3 kernel_size: 3 max_displacement: 4 stride_1: 2 stride_2: 2", 5),
    ("Correlation", "pad: 4 kernel_size: 1 max_displacement: 4 correlation_type: SUBTRACT", 9),
    ("Correlation1D", "pad: 4 kernel_size: 1 max_displacement: 3 single_direction: -1", 1),
])
def test_an_exported_graph_has_a_product_for_each_row(kind, param, rows):
    """With the same numbers."""
    net = one_layer(kind, f"correlation_param {{ {param} }}", a=(2, 3, 13, 12), b=(2, 3, 13, 12))
    a, b = draw(2, 3, 13, 12), draw(2, 3, 13, 12, seed=2)
    program = torch.export.export(net.layers["l"], (a, b))
    assert torch.equal(program.module()(a, b), net(a=a, b=b)["y0"])
    products = [node for node in program.graph.nodes if node.target in (torch.ops.aten.mul.Tensor, torch.ops.aten.sub.Tensor)]
    assert len(products) == rows


def test_sums_of_products_with_places_further_left():
    a, b = draw(2, 3, 4, 7), draw(2, 3, 4, 7, seed=2)
    top = top_of("Corr1d", "corr1d_param { num_of_shifts: 7 stride: 2 }", a=a, b=b)
    assert top.shape == (2, 3, 4, 7)
    for shift in range(3):
        torch.testing.assert_close(top[:, shift, :, shift:], (a[..., shift:] * b[..., : 7 - shift]).sum(1))
        assert not top[:, shift, :, :shift].any()
    with pytest.raises(SpecError, match="has 3 shifts over a stride of 4, which is none"):
        one_layer("Corr1d", "corr1d_param { num_of_shifts: 3 stride: 4 }", a=(1, 2, 6, 5), b=(1, 2, 6, 5))
