"""The overlap of probabilities with class numbers, by hand: three pixels of classes 0, 0 and 1."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from one_layer import one_layer, top_of

import netdef
from netdef.layers.forks.losses.multiclass_dice_loss import contour_kernel, contour_weights
from netdef.schema.blobs import from_array

A = torch.tensor([[[0.5, 0.75, 0.25]], [[0.5, 0.25, 0.75]]]).double()[None]
LABELS = torch.tensor([[[0.0, 0, 1]]]).double()[None]
SQUARES, BOTH = (0.25 + 0.5625 + 0.0625, 0.25 + 0.0625 + 0.5625), (1.25, 0.75)  # sums of a^2 and a b, by class
COUNTS = 2, 1


def param(text: str) -> str:
    return f"dice_coef_loss_param {{ {text} }}"


def expected(weights: tuple[float, float], smooth: float = 0) -> float:
    below = smooth + sum(w * (a + n) for w, a, n in zip(weights, SQUARES, COUNTS))
    return 1 - (smooth + 2 * sum(w * both for w, both in zip(weights, BOTH))) / below


@pytest.mark.parametrize(
    ("text", "weights", "smooth"),
    [
        ("generalization: NONE ignore_label: 0", (1, 1), 1),
        ("generalization: MULTICLASS", (1, 1), 1),
        ("generalization: MULTICLASS ignore_label: 0", (0, 1), 1),
        ("generalization: MULTICLASS_WEIGHTED", (1 / 9, 1 / 4), 0),  # one more than the pixels
        ("generalization: MULTICLASS_WEIGHTED weight_mode: EQUALIZE_CLASSES", (1 / 3, 1 / 2), 0),
        ("generalization: MULTICLASS_WEIGHTED_BATCH weight_mode: EXTRA_SMALL_VOLUMES", (1 / 27, 1 / 8), 0),
        ("generalization: MULTICLASS_WEIGHTED_ALL", (1 / 9, 1 / 4), 0),
        ("generalization: MULTICLASS_WEIGHTED ignore_label: 1", (1 / 9, 1 / (3e6 + 1) ** 2), 0),
    ],
)
def test_one_less_the_overlap(text: str, weights: tuple[float, float], smooth: float):
    assert top_of("DiceCoefLoss", param(text), x=A, t=LABELS).item() == pytest.approx(expected(weights, smooth))


def test_weights_of_a_file_are_those_of_its_diagonal(tmp_path: Path):
    file = tmp_path / "weights.binaryproto"
    file.write_bytes(from_array(np.array([[3, 9], [9, 1]], np.float32)[None, None]).SerializeToString())
    text = param(f'generalization: MULTICLASS weights: "{file}"')
    assert top_of("DiceCoefLoss", text, x=A, t=LABELS).item() == pytest.approx(expected((0.75, 0.25), 1))


def test_sizes_of_a_batch_and_of_all_batches():
    """Two items with 2 and 1, and 0 and 3 pixels: on average 1 and 2, plus 1."""
    x, t = torch.cat((A, A)), torch.cat((LABELS, torch.ones(1, 1, 1, 3).double()))
    kinds = {kind: one_layer("DiceCoefLoss", param(f"generalization: MULTICLASS_WEIGHTED_{kind}"), x=x, t=t)
             for kind in ("BATCH", "ALL")}
    w, v = 1 / 4, 1 / 9
    second = 1 - 2 * v * 1.5 / (w * SQUARES[0] + v * (SQUARES[1] + 3))
    for net in kinds.values():
        assert net(x=x, t=t)["y0"].item() == pytest.approx((expected((w, v)) + second) / 2)
    x, t = x[:, :, :, :], torch.ones(2, 1, 1, 3).double()  # then 0 and 3, plus 1: in all batches (2 + 1) / 2 and (3 + 4) / 2
    for kind, (w, v) in (("BATCH", (1, 1 / 16)), ("ALL", (1 / 1.5**2, 1 / 3.5**2))):
        found = kinds[kind](x=x, t=t)["y0"].item()
        assert found == pytest.approx(1 - 2 * v * 1.5 / (w * SQUARES[0] + v * (SQUARES[1] + 3)))


def test_the_gradient_of_an_item_is_not_divided_by_their_number():
    x = torch.cat((A, A)).requires_grad_()
    loss = top_of("DiceCoefLoss", param("generalization: MULTICLASS ignore_label: 0"), x=x, t=torch.cat((LABELS, LABELS)))
    below = 0.5 + SQUARES[1] + 1
    overlap = (0.5 + 2 * 0.75) / below
    assert loss.item() == pytest.approx(1 - overlap)
    (3 * loss).backward()
    b = torch.tensor([[[1.0, 1, 0]], [[0, 0, 1]]]).double()
    torch.testing.assert_close(x.grad, torch.stack([3 * 2 * (overlap * A[0] - b) / below] * 2))


def test_contours():
    """The edge before the last pixel: -1/8 before it and 1 on it, times 4 and plus 1, over the mean 2.5."""
    b = torch.tensor([[[1.0, 1, 0]], [[0, 0, 1]]]).double()[None]
    weights = torch.tensor([0.4, 0.6, 2]).double()
    torch.testing.assert_close(contour_weights(b, contour_kernel(False, 3), 5), weights.expand(1, 2, 1, 3))
    w, a = weights, A[0, :, 0]
    b = b[0, :, 0]
    wanted = 1 - (1 + 2 * (w * a * b).sum()) / (1 + (w * (a * a + b * b)).sum())
    text = param("generalization: MULTICLASS contour_shape: SIMPLE")
    assert top_of("DiceCoefLoss", text, x=A, t=LABELS).item() == pytest.approx(wanted.item())


def test_kernels():
    assert contour_kernel(False, 4).shape == (5, 5) and contour_kernel(False, 1)[0, 0] == -1 / 8
    np.testing.assert_allclose(contour_kernel(True, 3), [[-0.2, -1, -0.2], [-0.25, 0, -0.25], [-0.2, -1, 3.3]])


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="it wants one class number a pixel"):
        one_layer("DiceCoefLoss", param("generalization: MULTICLASS"), x=(2, 3, 5, 4), t=(2, 3, 5, 4))
    with pytest.raises(netdef.SpecError, match="has `ignore_label` 3 and 3 classes"):
        one_layer("DiceCoefLoss", param("generalization: MULTICLASS ignore_label: 3"), x=(2, 3, 5, 4), t=(2, 1, 5, 4))
    with pytest.raises(netdef.NetdefError, match="got the label 2; its scores have 2 classes, 0 to 1"):
        top_of("DiceCoefLoss", param("generalization: MULTICLASS"), x=A, t=2 * LABELS)
