"""Decay of whole groups of weights, and a regularisation of single blobs: from the fork of SSL (Wen et al. 2016)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dsd.solver.group_lasso import GroupLasso
from dsd.solver.rules import SGD
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver_text
from netdef.errors import SpecError


def by_hand(weight: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """w / |block|, block by block; 0 where the block is."""
    out = np.zeros_like(weight)
    for r in range(0, weight.shape[0], rows):
        for c in range(0, weight.shape[1], columns):
            block = weight[r : r + rows, c : c + columns]
            norm = np.sqrt((block**2).sum())
            if norm:
                out[r : r + rows, c : c + columns] = block / norm
    return out


@pytest.mark.parametrize(("rows", "columns"), [(1, 15), (6, 1), (3, 1), (2, 5), (6, 15), (1, 1)])
def test_blocks_of_the_matrix(rows: int, columns: int):
    weight = torch.randn(6, 3, 5, dtype=torch.float64)
    weight.view(6, 15)[:, 4] = 0
    weight[2] = 0
    gradient = torch.ones_like(weight)
    GroupLasso(rows, columns, 0.25).add_(gradient, weight)
    expected = 1 + 0.25 * by_hand(weight.view(6, 15).numpy(), rows, columns)
    np.testing.assert_allclose(gradient.view(6, 15).numpy(), expected, rtol=1e-12)


def test_one_value_and_a_vector():
    for weight in (torch.tensor(-3.0), torch.tensor([3.0, -4.0])):
        gradient = torch.zeros_like(weight)
        GroupLasso(weight.numel(), 1, 0.5).add_(gradient, weight)
        torch.testing.assert_close(gradient, 0.5 * weight / weight.norm())


def test_each_blob_by_its_own_rule():
    w, v = (torch.nn.Parameter(torch.tensor([[2.0, -3.0], [0.0, 4.0]])) for _ in range(2))
    solver = SGD([{"params": [w], "regularization": "L1"}, {"params": [v], "lassos": (GroupLasso(1, 2, 2.0),)}],
                 lr=1.0, weight_decay=0.5)
    solver.step()
    start = torch.tensor([[2.0, -3.0], [0.0, 4.0]])
    torch.testing.assert_close(w.detach(), start - 0.5 * start.sign())
    torch.testing.assert_close(v.detach(), start - 0.5 * start - 2 * start / start.norm(dim=1, keepdim=True))


def test_what_is_small_stays():
    """The fork zeroes parameters below 1e-4 after each step; here that is for a sparse phase to do."""
    w = torch.nn.Parameter(torch.tensor([[3e-5, 4e-5], [1.0, 0.0]]))
    SGD([{"params": [w], "lassos": (GroupLasso(1, 2, 1.0),)}], lr=1e-5).step()
    torch.testing.assert_close(w.detach(), torch.tensor([[2.4e-5, 3.2e-5], [1 - 1e-5, 0]]))


NET = """
base_lr: 1 lr_policy: "fixed" max_iter: 1 solver_mode: CPU kernel_shape_decay: 0.5 breadth_decay: 0.25
block_group_decay: 2 %s
net_param {
  layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 4 dim: 3 dim: 3 } } }
  layer { name: "conv" type: "Convolution" bottom: "x" top: "c"
          param { decay_mult: 1 breadth_decay_mult: 0 regularization_type: "L1" }
          param { kernel_shape_decay_mult: 0 breadth_decay_mult: 4 }
          convolution_param { num_output: 6 group: 2 kernel_size: 3 weight_filler { type: "uniform" min: 1 max: 2 }
                              bias_filler { value: 3 } } }
  layer { name: "ip" type: "InnerProduct" bottom: "c" top: "ip"
          param { kernel_shape_decay_mult: 0 breadth_decay_mult: 0
                  block_group_lasso { xdimen: 3 ydimen: 2 block_decay_mult: 0.5 } }
          inner_product_param { num_output: 4 bias_term: false weight_filler { type: "uniform" min: 1 max: 2 } } }
  layer { name: "z" type: "DummyData" top: "z" dummy_data_param { shape { dim: 1 } } }
  layer { name: "loss" type: "Power" bottom: "z" top: "loss" loss_weight: 1 }
  layer { name: "quiet" type: "Silence" bottom: "ip" }
}"""


def test_the_fields_of_solver_and_net():
    """No loss depends on the weights: what moves them is decay alone. Columns are those of one group of a convolution."""
    trainer = Trainer(read_solver_text(NET % "weight_decay: 0.125"), "cpu")
    weight, bias = (blob.detach().numpy().copy() for blob in trainer.net.params["conv"])
    ip = trainer.net.params["ip"][0].detach().numpy().copy()
    trainer.step(1, {"x": torch.zeros(1, 4, 3, 3)})
    columns = by_hand(weight.reshape(6, 18), 3, 1).reshape(weight.shape)
    after, bias_after = (blob.detach().numpy() for blob in trainer.net.params["conv"])
    np.testing.assert_allclose(after, weight - 0.125 * np.sign(weight) - 0.5 * columns, rtol=1e-6)
    np.testing.assert_allclose(bias_after, bias - 0.125 * bias - 0.25 * 4 * np.sign(bias), rtol=1e-6)
    np.testing.assert_allclose(trainer.net.params["ip"][0].detach().numpy(), ip - 0.125 * ip - by_hand(ip, 2, 3), rtol=1e-6)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("xdimen: 3 ydimen: 2", "xdimen: 4 ydimen: 2", "blocks of 2 x 4 do not divide its 4 x 6"),
    ("xdimen: 3 ydimen: 2", "xdimen: 0 ydimen: 2", "blocks of 2 x 0"),
    ('regularization_type: "L1"', 'regularization_type: "L0"', 'unknown `regularization_type` "L0"; it is L1 or L2'),
])
def test_what_does_not_fit_has_a_place(old: str, new: str, said: str):
    with pytest.raises(SpecError) as raised:
        Trainer(read_solver_text(NET.replace(old, new) % ""), "cpu")
    (problem,) = raised.value.problems
    assert said in problem.message and problem.span is not None
