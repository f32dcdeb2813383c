"""Solvers of caffe-jacinto that keep the zeros of a weight file."""

from __future__ import annotations

import pytest
import torch

from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver_text
from netdef.schema.messages import LayerParameter
from netdef.weights import caffemodel

SOLVER = """base_lr: 0.5 lr_policy: "fixed" max_iter: 3 solver_mode: CPU snapshot_after_train: false %s
net_param {
  layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 1 dim: 4 dim: 3 } } }
  layer { name: "t" type: "Input" top: "t" input_param { shape { dim: 2 dim: 5 } } }
  layer { name: "conv" type: "Convolution" bottom: "x" top: "c"
          convolution_param { num_output: 2 kernel_size: 3 bias_term: false } }
  layer { name: "ip" type: "InnerProduct" bottom: "c" top: "y" inner_product_param { num_output: 5 bias_term: false } }
  layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
}"""


@pytest.mark.parametrize(("field", "kept"), [
    ("", {}), ("sparse_mode: SPARSE_UPDATE", {"conv": 10}),
    ("weight_connect_mode: WEIGHT_DISCONNECTED_ELTWISE", {"conv": 10, "ip": 19}),
])
def test_zeros_of_a_weight_file_stay(field, kept, tmp_path):
    weights = {"conv": torch.ones(2, 1, 3, 3), "ip": torch.ones(5, 4)}
    weights["conv"].view(-1)[:8] = 0
    weights["ip"].view(-1)[3] = 0
    caffemodel.write(tmp_path / "w.caffemodel", "n", [(LayerParameter(name=n), [blob]) for n, blob in weights.items()])
    trainer = Trainer(read_solver_text(SOLVER % field), weights=[tmp_path / "w.caffemodel"])
    draw = torch.Generator().manual_seed(1)
    trainer.step(3, {"x": torch.rand(2, 1, 4, 3, generator=draw), "t": torch.rand(2, 5, generator=draw)})
    for name, blob in weights.items():
        wanted = kept.get(name, blob.numel())
        assert int(trainer.net.params[name][0].count_nonzero()) == wanted, name
