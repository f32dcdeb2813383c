"""Parameter groups from the text: penalties of single blobs."""

from __future__ import annotations

import numpy as np
import pytest
import torch

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
    """No loss depends on the weights: only decay changes them. Columns are those of one group of a convolution."""
    trainer = Trainer(read_solver_text(NET % "weight_decay: 0.125"), "cpu")
    weight, bias = (blob.detach().numpy().copy() for blob in trainer.net.params["conv"])
    ip = trainer.net.params["ip"][0].detach().numpy().copy()
    trainer.step(1, {"x": torch.zeros(1, 4, 3, 3)})
    columns = by_hand(weight.reshape(6, 18), 3, 1).reshape(weight.shape)
    after, bias_after = (blob.detach().numpy() for blob in trainer.net.params["conv"])
    np.testing.assert_allclose(after, weight - 0.125 * np.sign(weight) - 0.5 * columns, rtol=1e-6)
    np.testing.assert_allclose(bias_after, bias - 0.125 * bias - 0.25 * 4 * np.sign(bias), rtol=1e-6)
    np.testing.assert_allclose(trainer.net.params["ip"][0].detach().numpy(), ip - 0.125 * ip - by_hand(ip, 2, 3), rtol=1e-6)


def test_the_first_form_of_group_lasso_decays_the_columns_of_convolutions_that_have_a_multiplier():
    text = """
        base_lr: 1 lr_policy: "fixed" max_iter: 1 solver_mode: CPU group_weight_decay: 0.5
        net_param {
          layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 4 dim: 3 dim: 3 } } }
          layer { name: "conv" type: "Convolution" bottom: "x" top: "c"
                  param { group_decay_mult: 0.25 } param { group_decay_mult: 1 }
                  convolution_param { num_output: 6 group: 2 kernel_size: 3 weight_filler { type: "uniform" min: 1 max: 2 }
                                      bias_filler { value: 3 } } }
          layer { name: "rest" type: "Convolution" bottom: "c" top: "d"
                  convolution_param { num_output: 5 kernel_size: 1 weight_filler { type: "uniform" min: 1 max: 2 } } }
          layer { name: "z" type: "DummyData" top: "z" dummy_data_param { shape { dim: 1 } } }
          layer { name: "loss" type: "Power" bottom: "z" top: "loss" loss_weight: 1 }
          layer { name: "quiet" type: "Silence" bottom: "d" }
        }"""
    trainer = Trainer(read_solver_text(text), "cpu")
    weight, bias = (blob.detach().numpy().copy() for blob in trainer.net.params["conv"])
    rest = trainer.net.params["rest"][0].detach().numpy().copy()
    trainer.step(1, {"x": torch.zeros(1, 4, 3, 3)})
    columns = by_hand(weight.reshape(6, 18), 3, 1).reshape(weight.shape)
    after, bias_after = (blob.detach().numpy() for blob in trainer.net.params["conv"])
    np.testing.assert_allclose(after, weight - 0.125 * columns, rtol=1e-6)
    assert (bias_after == bias).all() and (trainer.net.params["rest"][0].detach().numpy() == rest).all()


def test_rows_and_columns_of_kernels_decay_that_have_a_multiplier():
    """Of MeDNN. In one filter of one input each row and each column is a group; they are [1, 1, 1] here."""
    text = """
        base_lr: 1 lr_policy: "fixed" max_iter: 1 solver_mode: CPU special_shape_decay: 0.5
        net_param {
          layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 1 dim: 4 dim: 4 } } }
          layer { name: "conv" type: "Convolution" bottom: "x" top: "c" param { special_shape_decay_mult: 0.25 }
                  convolution_param { num_output: 1 kernel_size: 3 weight_filler { value: 1 } bias_filler { value: 3 } } }
          layer { name: "z" type: "DummyData" top: "z" dummy_data_param { shape { dim: 1 } } }
          layer { name: "loss" type: "Power" bottom: "z" top: "loss" loss_weight: 1 }
          layer { name: "quiet" type: "Silence" bottom: "c" }
        }"""
    trainer = Trainer(read_solver_text(text), "cpu")
    trainer.step(1, {"x": torch.zeros(1, 1, 4, 4)})
    weight, bias = (blob.detach().numpy() for blob in trainer.net.params["conv"])
    np.testing.assert_allclose(weight, np.full((1, 1, 3, 3), 1 - 2 * 0.125 / 3**0.5), rtol=1e-6)
    assert bias.tolist() == [3]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("breadth_decay_mult: 4", "special_shape_decay_mult: 1", "for a blob of shape (6,); it is for square kernels"),
    ("xdimen: 3 ydimen: 2", "xdimen: 4 ydimen: 2", "blocks of 2 x 4 do not divide its 4 x 6"),
    ("xdimen: 3 ydimen: 2", "xdimen: 0 ydimen: 2", "blocks of 2 x 0"),
    ('regularization_type: "L1"', 'regularization_type: "L0"', 'unknown `regularization_type` "L0"; it is L1 or L2'),
])
def test_errors_have_a_place(old: str, new: str, said: str):
    with pytest.raises(SpecError) as raised:
        Trainer(read_solver_text(NET.replace(old, new) % "special_shape_decay: 1"), "cpu")
    (problem,) = raised.value.problems
    assert said in problem.message and problem.span is not None
