"""OrdinalRegressionLoss: pairs of scores that say whether a number is more."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

LABELS = torch.tensor([1.0, 0])


def wanted(x: torch.Tensor, weights: list[float]) -> torch.Tensor:
    """The loss of items (2, 6) with LABELS: of item 0 pairs 0 and 1 say yes, of item 1 pair 0."""
    log = x.reshape(2, 3, 2).log_softmax(2)
    yes = [[1, 1, 0], [1, 0, 0]]
    return -sum(weights[j] * log[i, j, yes[i][j]] for i in range(2) for j in range(3)) / 2


def test_pairs_up_to_the_label_say_yes():
    x = draw(2, 6).requires_grad_()
    loss = top_of("OrdinalRegressionLoss", x=x, t=LABELS)
    torch.testing.assert_close(loss, wanted(x, [1 / 3] * 3))
    torch.testing.assert_close(torch.autograd.grad(loss, x)[0], torch.autograd.grad(wanted(x, [1 / 3] * 3), x)[0])
    assert top_of("OrdinalRegressionLoss", x=torch.zeros(2, 6), t=LABELS).item() == pytest.approx(math.log(2))


def test_weights_of_a_file(tmp_path: Path):
    (tmp_path / "weights.txt").write_text("0.5 2\n0.25\n")
    x = draw(2, 6)
    param = f'ordinal_regression_loss_param {{ k: 3 weight_file: "{tmp_path / "weights.txt"}" }}'
    torch.testing.assert_close(top_of("OrdinalRegressionLoss", param, x=x, t=LABELS), wanted(x, [0.5, 2, 0.25]))


@pytest.mark.parametrize("param", ["", "k: 2"])
def test_scores_that_are_no_pairs_are_refused(param: str):
    with pytest.raises(netdef.SpecError, match="it wants two scores an item for each of `k`, or an even number"):
        one_layer("OrdinalRegressionLoss", f"ordinal_regression_loss_param {{ {param} }}", x=(2, 5), t=(2,))


def test_a_label_beyond_the_pairs_is_an_error():
    with pytest.raises(netdef.NetdefError, match="got the label 3"):
        top_of("OrdinalRegressionLoss", x=torch.zeros(2, 6), t=torch.tensor([0.0, 3]))
