"""Fields of a solver set by texts, as flags and Python give them."""

from __future__ import annotations

import pytest

from netdef.definition.read import read_solver_text
from netdef.definition.set_fields import set_fields
from netdef.errors import SpecError

SOLVER = '''net: "a.prototxt" base_lr: 0.1 stepvalue: 3 stepvalue: 5
dsd_phase { max_iter: 3 }
dsd_phase { max_iter: 5 sparsity: 0.3 layer { name: "fc*" sparsity: 0.5 } }'''


def changed(*settings: str):
    return set_fields(read_solver_text(SOLVER, name="s.prototxt"), settings)


def test_values_of_every_kind():
    message = changed("base_lr=0.5", "snapshot_prefix=runs/a \"b\"", "type='Adam'", "dsd_phase[0].solver_state=CARRY",
                      "train_state.level = 2", "solver_mode=CPU", "snapshot_after_train=false").message
    assert (message.base_lr, message.snapshot_prefix, message.type) == (0.5, 'runs/a "b"', "Adam")
    assert message.dsd_phase[0].solver_state == message.dsd_phase[0].CARRY and message.train_state.level == 2
    assert not message.snapshot_after_train and message.net == "a.prototxt"


def test_lists_and_their_items():
    assert list(changed("stepvalue=[7, 8, 9]").message.stepvalue) == [7, 8, 9]
    assert list(changed("stepvalue=[7, 8, 9]", "stepvalue[1]=4").message.stepvalue) == [7, 4, 9]
    assert list(changed("stepvalue=4").message.stepvalue) == [4]
    assert list(changed("stepvalue=[]").message.stepvalue) == []


def test_parts():
    phase = changed("dsd_phase[1].sparsity=0.75", "dsd_phase[1].layer[0].name=ip*").message.dsd_phase[1]
    assert (phase.sparsity, phase.layer[0].name, phase.layer[0].sparsity, phase.max_iter) == (0.75, "ip*", 0.5, 5)
    phases = changed("dsd_phase[1]={ max_iter: 7 }").message.dsd_phase
    assert [(p.max_iter, p.HasField("sparsity")) for p in phases] == [(3, False), (7, False)]


def test_places_are_those_of_the_settings():
    solver = changed("dsd_phase[1].sparsity=0.75", "train_state.level=2")
    assert str(solver.span("dsd_phase", 1, "sparsity")) == "--set dsd_phase[1].sparsity:1:1"
    assert str(solver.span("dsd_phase", 1, "max_iter")) == "s.prototxt:3:13"
    assert str(solver.span("train_state", "level")) == "--set train_state.level:1:1"


def test_the_solver_given_stays():
    solver = read_solver_text(SOLVER)
    set_fields(solver, ["base_lr=9"])
    assert solver.message.base_lr == pytest.approx(0.1)


@pytest.mark.parametrize(("setting", "complaint"), [
    ("base_lr", "is no `field=value`, such as base_lr=0.1"),
    ("base lr=3", "is no `field=value`"),
    ("base_lr=x", "`base_lr` wants a number in the range of float, found `x`"),
    ("base_lr=", "wanted a value for `base_lr`"),
    ("base_lr=0.1 momentum: 3", "one value for `base_lr` is wanted"),
    ("stepvalue[0]=[1, 2]", "one value for `stepvalue` is wanted"),
    ("bas_lr=3", "SolverParameter has no field `bas_lr`; did you mean `base_lr`?"),
    ("dsd_phases[1].sparsity=1", "SolverParameter has no field `dsd_phases`; did you mean `dsd_phase`?"),
    ("dsd_phase[1].sparcity=1", "DsdPhase has no field `sparcity`; did you mean `sparsity`?"),
    ("dsd_phase[2].sparsity=1", "there is no `dsd_phase[2]`: the solver has 2 of them, counted from 0"),
    ("dsd_phase.sparsity=1", "`dsd_phase` is a list of 2: say which, as in dsd_phase[0]"),
    ("base_lr[1]=3", "`base_lr` is no list: leave out [1]"),
    ("dsd_phase[0].max_iter.x=3", "`max_iter` has no fields"),
])
def test_mistakes(setting, complaint):
    with pytest.raises(SpecError) as error:
        changed(setting, "nothing=1")
    assert complaint in str(error.value) and "has no field `nothing`" in str(error.value)  # all are reported
