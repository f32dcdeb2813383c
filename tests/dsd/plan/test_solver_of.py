"""The solver of a file with fields set in it, and the solver of a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsd.plan.prepare import RunOptions
from dsd.plan.solver_of import solver_of, solver_of_file
from netdef.definition.read import read_solver_text
from netdef.errors import SpecError
from netdef.schema.messages import NetParameter, SolverParameter

NET = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }
"""


def write(folder: Path, solver: str, net: str = NET) -> Path:
    (folder / "net.prototxt").write_text(net)
    (folder / "solver.prototxt").write_text(solver)
    return folder / "solver.prototxt"


def complaints(path: Path, *settings: str, **options: bool) -> list[str]:
    with pytest.raises(SpecError) as error:
        solver_of_file(path, RunOptions(), settings, **options)
    return [problem.message for problem in error.value.problems]


def test_a_file_with_fields_set(tmp_path):
    path = write(tmp_path, 'net: "net.prototxt" base_lr: 0.5 max_iter: 3')
    solver = solver_of_file(path, RunOptions(), ["max_iter=7", "lr_policy=fixed"], allow_python=True)
    message = solver.message
    assert (message.base_lr, message.max_iter, message.lr_policy) == (0.5, 7, "fixed")
    assert solver.base_dir == tmp_path and solver.allow_python and not solver.lenient


def test_mistakes_in_the_fields_of_a_solver_and_of_its_net_are_raised_together(tmp_path):
    path = write(tmp_path, 'net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" max_iters: 3',
                 NET.replace("num_output", "num_outputs"))
    said = complaints(path)
    assert len(said) == 2 and "no field `num_outputs`" in said[0] and "no field `max_iters`" in said[1]


def test_a_setting_that_is_wrong_is_raised_with_the_mistakes_of_the_net(tmp_path):
    path = write(tmp_path, 'net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" max_iter: 3',
                 NET.replace("num_output", "num_outputs"))
    said = complaints(path, "max_itr=9")
    assert len(said) == 2 and "no field `max_itr`" in " ".join(said) and "no field `num_outputs`" in " ".join(said)


def test_unknown_fields_are_left_out_when_lenient(tmp_path):
    path = write(tmp_path, 'net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" max_iter: 3 of_a_fork: 5')
    assert "no field `of_a_fork`" in complaints(path)[0]
    with pytest.warns(UserWarning, match="of_a_fork"):
        assert solver_of_file(path, RunOptions(), lenient=True).lenient


def test_a_message_and_a_definition():
    message = SolverParameter(base_lr=0.25, type="Adam")
    solver = solver_of(message)
    assert (solver.message.base_lr, solver.message.type) == (0.25, "Adam") and solver.base_dir == Path()
    definition = read_solver_text("base_lr: 2")
    assert solver_of(definition) is definition


@pytest.mark.parametrize("wrong, name", [("solver.prototxt", "str"), (NetParameter(), "NetParameter")])
def test_other_things_are_no_solver(wrong, name):
    with pytest.raises(TypeError, match=f"a SolverDefinition or a SolverParameter, not a {name}; `Trainer.from_file` takes"):
        solver_of(wrong)
