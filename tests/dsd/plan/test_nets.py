"""The nets that a solver names."""

from __future__ import annotations

import pytest

from dsd.plan.nets import check_evaluation, train_net
from dsd.plan.nets import test_nets as nets_to_test
from netdef.definition.read import read_solver_text
from netdef.errors import SpecError

NET = 'net_param { layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 } } %s } }'


def complaints(function, text: str) -> list[str]:
    with pytest.raises(SpecError) as error:
        function(read_solver_text(text))
    return [problem.message for problem in error.value.problems]


@pytest.mark.parametrize(("text", "said"), [
    ('type: "SGD"', ['the solver names no net; give `net: "train_val.prototxt"`']),
    (NET % "" + ' net: "a"', ["the solver names the net to train twice, as `net` and as `net_param`"]),
])
def test_the_net_to_train_is_found(text, said):
    assert complaints(train_net, text) == said


@pytest.mark.parametrize(("text", "said"), [
    ("test_iter: 3 test_interval: 1 train_" + NET % "", ["there are 1 `test_iter` and 0 test nets; give a net for each"]),
    (NET % "" + " test_iter: 3", ["`test_interval` is 0; with `test_iter` it must be at least 1"]),
    (NET % "" + " test_iter: 0 test_interval: 1", ["`test_iter` is 0; it must be at least 1"]),
    (NET % "" + " test_iter: 3 test_interval: 1 test_state { } test_state { }",
     ["there are 2 `test_state` and 1 test nets; give none, or one for each"]),
    (NET % "" + " test_iter: 3 test_interval: 1 test_net_reset: true test_net_reset: false",
     ["there are 2 `test_net_reset` and 1 test nets; give none, one for all, or one for each"]),
    ("test_" + NET % "", ["there are 1 test nets and 0 `test_iter`; give one for each"]),
])
def test_the_nets_to_test_are_found_in_order(text, said):
    assert complaints(nets_to_test, text) == said


@pytest.mark.parametrize(("evaluate", "said"), [
    ("", ['the solver has `eval_type` "detection", and test net `n` has no DetectionEvaluate layer']),
    ('layer { name: "e" type: "DetectionEvaluate" bottom: "x" bottom: "x" top: "e" }', []),
    ('layer { name: "e" type: "EvalDetection" bottom: "x" bottom: "x" top: "e" }', []),
])
def test_detections_are_evaluated_by_a_layer(evaluate, said):
    text = f'net_param {{ name: "n" {evaluate} }} test_iter: 1 test_interval: 1 eval_type: "%s"'
    solver = read_solver_text(text % "detection")
    if said:
        assert complaints(lambda solver: check_evaluation(solver, nets_to_test(solver)), text % "detection") == said
    else:
        check_evaluation(solver, nets_to_test(solver))
    check_evaluation(read_solver_text(text % "classification"), nets_to_test(solver))


def test_states_choose_layers():
    net = """net_param { state { stage: "own" }
        layer { name: "a" type: "Input" top: "a" include { stage: "own" stage: "flag" } }
        layer { name: "b" type: "Input" top: "b" include { min_level: 2 } }
        layer { name: "c" type: "Input" top: "c" include { phase: TEST stage: "t" } } }
        test_iter: 4 test_iter: 5 test_interval: 1 test_state { } test_state { stage: "t" level: 2 }"""
    solver = read_solver_text(net)
    assert [layer.name for layer in train_net(solver, 2, ["flag"]).layers] == ["a", "b"]
    assert [layer.name for layer in train_net(solver).layers] == []
    assert [[layer.name for layer in net.layers] for net in nets_to_test(solver)] == [[], ["b", "c"]]


@pytest.mark.parametrize(("state", "names"), [("", "a"), ("state { solver: false }", "b")])
def test_a_solver_makes_the_net_unless_its_state_says_otherwise(state, names):
    solver = read_solver_text(f"""net_param {{ {state} layer {{ name: "a" type: "Silence" include {{ solver: true }} }}
        layer {{ name: "b" type: "Silence" exclude {{ solver: true }} }} }} test_iter: 1 test_interval: 1""")
    for net in (train_net(solver), *nets_to_test(solver)):
        assert "".join(layer.name for layer in net.layers) == names


def test_the_callers_level_overrides_the_solvers():
    solver = read_solver_text("""train_state { level: 2 } net_param {
        layer { name: "a" type: "Input" top: "a" include { min_level: 2 } }
        layer { name: "b" type: "Input" top: "b" include { max_level: 1 } } }""")
    assert [layer.name for layer in train_net(solver).layers] == ["a"]
    assert [layer.name for layer in train_net(solver, 1).layers] == ["b"]
