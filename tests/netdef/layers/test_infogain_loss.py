"""InfogainLoss: the matrix by file and by bottom, the floor, and errors."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch

import netdef
from netdef.errors import NetdefError, SpecError
from netdef.schema.blobs import from_array

H = [[1.0, 0, 0.5], [0, 2, 0], [0, 0, -1]]


def build(extra: str, matrix: str = "", base_dir: object = ".", labels: str = "dim: 2") -> torch.nn.Module:
    """With a third bottom if ``matrix`` is its shape."""
    third = 'top: "h"' if matrix else ""
    return netdef.loads(
        f'layer {{ name: "i" type: "Input" top: "x" top: "t" {third} input_param {{ shape {{ dim: 2 dim: 3 }} '
        f'shape {{ {labels} }} {matrix} }} }} layer {{ name: "l" type: "InfogainLoss" bottom: "x" bottom: "t" '
        f'{third.replace("top", "bottom")} top: "loss" {extra} }}', base_dir=base_dir)


SOURCE = 'infogain_loss_param { source: "h.binaryproto" }'
X = [[math.log(2), 0.0, math.log(5)], [0.0, math.log(3), 0.0]]  # softmax: 1/4 1/8 5/8 and 1/5 3/5 1/5


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "h.binaryproto").write_bytes(from_array(np.array(H, np.float32)[None, None]).SerializeToString())
    return tmp_path


@pytest.mark.parametrize("by_file", [True, False])
def test_value_and_gradient(by_file, folder):
    net = build(SOURCE, base_dir=folder) if by_file else build("", "shape { dim: 3 dim: 3 }")
    x = torch.tensor(X, requires_grad=True)
    given = {} if by_file else {"h": torch.tensor(H)}
    loss = net(x=x, t=torch.tensor([0, 1.5]), **given)["loss"]
    assert loss.item() == pytest.approx((-math.log(1 / 4) - 0.5 * math.log(5 / 8) - 2 * math.log(3 / 5)) / 2)
    loss.backward()
    p = torch.tensor([[1 / 4, 1 / 8, 5 / 8], [1 / 5, 3 / 5, 1 / 5]])
    rows = torch.tensor(H)[:2]
    torch.testing.assert_close(x.grad, (p * rows.sum(1, keepdim=True) - rows) / 2)


def test_matrix_is_filled_however_the_net_is_made(folder):
    net = build(SOURCE, base_dir=folder)
    for other in (net, copy.deepcopy(net), net.double()):
        assert other.layers["l"].matrix.tolist() == H
    assert net.params == {}  # it is no blob


def test_probabilities_are_floored_and_their_gradients_are_not():
    x = torch.tensor([[0.0, 500, 0], [0, 0, 0]], requires_grad=True)
    loss = build("", "shape { dim: 9 }")(x=x, t=torch.tensor([0, 2]), h=torch.eye(3).flatten())["loss"]
    assert loss.item() == pytest.approx((20 * math.log(10) + math.log(3)) / 2)
    loss.backward()
    torch.testing.assert_close(x.grad, torch.tensor([[-1, 1, 0], [1 / 3, 1 / 3, -2 / 3]]) / 2)


def test_ignored_labels_have_no_loss(folder):
    net = build(SOURCE + " loss_param { ignore_label: 9 }", base_dir=folder)
    x = torch.tensor(X, requires_grad=True)
    loss = net(x=x, t=torch.tensor([9, 1]))["loss"]
    assert loss.item() == pytest.approx(-2 * math.log(3 / 5))
    loss.backward()
    assert not x.grad[0].any() and x.grad[1].all()


@pytest.mark.parametrize("weights", ["", "loss_weight: 1 loss_weight: 0"])
def test_second_top_is_the_softmax(weights, folder):
    outputs = build(f'{SOURCE} top: "p" {weights}', base_dir=folder)(x=torch.tensor(X), t=torch.zeros(2))
    torch.testing.assert_close(outputs["p"], torch.tensor([[1 / 4, 1 / 8, 5 / 8], [1 / 5, 3 / 5, 1 / 5]]))


def test_bottoms_and_matrices_that_do_not_fit_are_refused(folder):
    (folder / "text").write_text("no blob")
    for extra, words in [
        ("", "needs a matrix: a `source`, or a third bottom"),
        ('infogain_loss_param { source: "gone" }', "reads `gone`"),
        ('infogain_loss_param { source: "text" }', "cannot read its matrix"),
        (SOURCE + " loss_param { normalize: true }", "old `normalize`"),
    ]:
        with pytest.raises(SpecError, match=words):
            build(extra, base_dir=folder)
    with pytest.raises(SpecError, match=r"3 classes and a matrix of shape \(2, 3\)"):
        build("", "shape { dim: 2 dim: 3 }")
    with pytest.raises(SpecError, match="one label a prediction"):
        build(SOURCE, base_dir=folder, labels="dim: 2 dim: 3")
    with pytest.raises(NetdefError, match="got the label 3; its scores have 3 classes"):
        build(SOURCE, base_dir=folder)(x=torch.tensor(X), t=torch.tensor([0, 3]))
