"""ContrastiveLoss: like and unlike pairs, the softened gradient, and the legacy form."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef
from netdef.errors import SpecError

A = [[3.0, 4], [3, 4], [0, 0], [0, 1]]
LIKE = [1.0, 0, 0, 0.9]  # 0.9 is 0


def build(param: str, *shapes: str) -> torch.nn.Module:
    shapes = shapes or ("4 2", "4 2", "4")
    text = " ".join("shape { " + " ".join(f"dim: {d}" for d in shape.split()) + " }" for shape in shapes)
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "a" top: "b" top: "y" input_param {{ {text} }} }} '
                        'layer { name: "l" type: "ContrastiveLoss" bottom: "a" bottom: "b" bottom: "y" top: "loss" '
                        f'contrastive_loss_param {{ {param} }} }}')


@pytest.mark.parametrize("param, costs, slopes", [
    # distances 5, 5, 0, 1: a slope is -(margin - d) / (d + 1e-4) times the difference for an unlike pair
    ("margin: 6", [25, 1, 36, 25], [1, -1 / 5.0001, 0, -5 / 1.0001]),
    ("margin: 5", [25, 0, 25, 16], [1, 0, 0, -4 / 1.0001]),
    ("margin: 3 legacy_version: true", [25, 0, 3, 2], [1, 0, -1, -1]),
    ("margin: 6 inner_margin: 30", [30, 1, 36, 25], [0, -1 / 5.0001, 0, -5 / 1.0001]),
    ("margin: 6 inner_margin: 3 add_weighted: true", [25 * 2, 1 * 2 / 3, 36 * 2 / 3, 25 * 2 / 3],
     [2, -2 / 3 / 5.0001, 0, -10 / 3 / 1.0001]),
])
def test_value_and_gradient(param, costs, slopes):
    a, b = torch.tensor(A, requires_grad=True), torch.zeros(4, 2, requires_grad=True)
    loss = build(param)(a=a, b=b, y=torch.tensor(LIKE))["loss"]
    assert loss.item() == pytest.approx(sum(costs) / 8)
    loss.backward()
    expected = torch.tensor(slopes)[:, None] * torch.tensor(A) / 4
    torch.testing.assert_close(a.grad, expected)
    torch.testing.assert_close(b.grad, -expected)


@pytest.mark.parametrize("shapes, words", [
    (("4 2 3 1", "4 2 3 1", "4"), r"vectors.*\(4, 2, 3, 1\)"),
    (("4 2", "4 3", "4"), r"\(4, 2\) \(`a`\) and \(4, 3\) \(`b`\); their channels"),
    (("4 2", "3 2", "4"), "first axes must agree"),
    (("4 2", "4 2", "4 2"), r"4 items, but labels of shape \(4, 2\)"),
    (("4 2", "4 2", "3"), r"4 items, but labels of shape \(3,\)"),
])
def test_bottoms_that_do_not_fit_are_refused(shapes, words):
    with pytest.raises(SpecError, match=words):
        build("", *shapes)


def test_pairs_by_the_labels_of_both():
    """Of a pull request: distances 5, 0, 1, the second and third unlike, as with legacy_version."""
    inputs = {"a": torch.tensor(A)[1:], "b": torch.zeros(3, 2), "y": torch.tensor([7.0, 2, 0]), "z": torch.tensor([7.0, 1, 3])}
    net = one_layer("ContrastiveLoss", "contrastive_loss_param { margin: 3 label_type: CATEGORY }", **inputs)
    assert net(**inputs)["y0"].item() == pytest.approx((25 + 3 + 2) / 6)


@pytest.mark.parametrize(("kind", "bottoms", "wanted"), [("CATEGORY", "aby", 4), ("PAIR_SIMILARITY", "abyz", 3)])
def test_the_type_of_labels_says_how_many_there_are(kind, bottoms, wanted):
    shapes = {name: (3, 2) if name in "ab" else (3,) for name in bottoms}
    with pytest.raises(SpecError, match=f"has {len(bottoms)} bottoms; with `label_type` {kind} it takes {wanted}"):
        one_layer("ContrastiveLoss", f"contrastive_loss_param {{ label_type: {kind} }}", **shapes)
