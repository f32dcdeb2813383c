from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file

from dsd.plan.prepare import RunOptions, prepare
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver
from netdef.errors import SpecError

NET = """\
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "one" type: "InnerProduct" bottom: "data" top: "one"
        inner_product_param { num_output: 5 bias_term: false } }
layer { name: "two" type: "InnerProduct" bottom: "one" top: "two"
        inner_product_param { num_output: 4 bias_term: false } }
"""


@pytest.fixture
def solver(tmp_path):
    (tmp_path / "net.prototxt").write_text(NET)
    path = tmp_path / "solver.prototxt"
    path.write_text(
        'net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" max_iter: 3 weights: "a.safetensors, b.safetensors"')
    return path


def test_weights_in_one_field_or_several(solver):
    """As in Caffe's solver.cpp: the files of a list are loaded in turn, without the blanks around their names."""
    with pytest.raises(SpecError) as caught:
        prepare(read_solver(solver), check_only=True)
    assert [problem.message.split("`")[1] for problem in caught.value.problems] == ["a.safetensors", "b.safetensors"]
    for name, layer, shape in (("a", "one", (5, 3)), ("b", "two", (4, 5))):
        save_file({f"{layer}.0": torch.full(shape, 2.0)}, solver.parent / f"{name}.safetensors")
    trainer = Trainer.from_file(solver)
    assert [len(report.used) for report in trainer.loaded] == [1, 1]
    assert all((trainer.net.params[layer][0] == 2).all() for layer in ("one", "two"))


def test_given_weights_replace_those_of_the_solver_which_may_be_missing(solver):
    save_file({"one.0": torch.full((5, 3), 3.0)}, solver.parent / "c.safetensors")
    trainer = Trainer(read_solver(solver), weights=[solver.parent / "c.safetensors"])
    assert [report.used for report in trainer.loaded] == [("one",)] and (trainer.net.params["one"][0] == 3).all()


def test_the_nets_take_no_memory(solver):
    solver.write_text(solver.read_text().split("weights")[0])
    (solver.parent / "net.prototxt").write_text(NET.replace("num_output: 5", "num_output: 500000000"))
    found = prepare(read_solver(solver), RunOptions(sparsity=0.5), check_only=True)
    assert found.net.params["one"][0].shape == (5 * 10**8, 3) and found.net.params["one"][0].is_meta
    assert [phase.name for phase in found.phases] == ["dense", "sparse", "re-dense"]


def test_missing_net_is_reported_once(solver):
    solver.write_text('base_lr: 0.1 lr_policy: "fixed" max_iter: 3 test_iter: 2 test_interval: 3')
    with pytest.raises(SpecError) as caught:
        prepare(read_solver(solver), check_only=True)
    assert [problem.message for problem in caught.value.problems] == [
        'the solver names no net; give `net: "train_val.prototxt"`']


def test_settings_phases_and_nets_are_checked_together(solver):
    solver.write_text('net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" display: -1 weights: "a.caffemodel"\n'
                      'dsd_phase { max_iter: 2 sparsity: 3 }')
    (solver.parent / "net.prototxt").write_text(NET.replace('bottom: "one"', 'bottom: "won"'))
    for start in (lambda: Trainer(read_solver(solver)), lambda: prepare(read_solver(solver), check_only=True)):
        with pytest.raises(SpecError) as caught:
            start()
        said = " ".join(problem.message for problem in caught.value.problems)
        assert len(caught.value.problems) == 4
        assert all(text in said for text in ("`display` is -1", "`sparsity` is 3", "`won`", "a.caffemodel"))
