"""Old nets and solvers as current ones, as recorded with Caffe's own upgrade tools."""

import pytest
from google.protobuf import text_format
from oracle import shared

from netdef.definition.read import read_net, read_net_text, read_solver, read_solver_text
from netdef.definition.upgrade.current import upgrade_net
from netdef.errors import Problems
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.schema.where import Where
from netdef.text.write import message_text

# An old text, and the same net in the current schema.
PAIRS = {
    "inputs with shapes": (
        'input: "a" input_shape { dim: 2 dim: 3 } input: "b" input_shape { dim: 5 } layer { name: "x" bottom: "a" }',
        'layer { name: "input" type: "Input" top: "a" top: "b" '
        "input_param { shape { dim: 2 dim: 3 } shape { dim: 5 } } }"
        'layer { name: "x" bottom: "a" }',
    ),
    "inputs with four sizes each": (
        'input: "a" input_dim: [1, 2, 3, 4] input: "b" input_dim: [5, 6, 7, 8]',
        'layer { name: "input" type: "Input" top: "a" top: "b"'
        " input_param { shape { dim: [1, 2, 3, 4] } shape { dim: [5, 6, 7, 8] } } }",
    ),
    "inputs whose shapes a program gave": (
        'input: "a" input: "b" layer { name: "x" bottom: "a" }',
        'layer { name: "input" type: "Input" top: "a" top: "b" } layer { name: "x" bottom: "a" }',
    ),
    "an old input beside its Input layer": (
        'input: "a" layer { name: "i" type: "Input" top: "a" }',
        'layer { name: "i" type: "Input" top: "a" }',
    ),
    "statistics of BatchNorm stated as parameters": (
        'layer { type: "BatchNorm" param { lr_mult: 1 name: "m" } param { decay_mult: 1 } param {} }'
        'layer { type: "BatchNorm" param {} }',
        'layer { type: "BatchNorm" param { lr_mult: 0 decay_mult: 0 name: "m" } param { lr_mult: 0 decay_mult: 0 }'
        ' param { lr_mult: 0 decay_mult: 0 } } layer { type: "BatchNorm" param {} }',
    ),
    "image fields that today's Data layers ignore": (
        'layer { type: "Data" data_param { scale: 2 } }',
        'layer { type: "Data" data_param { scale: 2 } }',
    ),
}


@pytest.mark.parametrize("old, new", PAIRS.values(), ids=PAIRS)
def test_old_forms_become_current_ones(old, new):
    upgraded = read_net_text(old).message
    assert upgraded == text_format.Parse(new, NetParameter())
    again, _ = upgrade_net(upgraded, Where(), Problems())
    assert again == upgraded


@pytest.mark.parametrize(
    "old, new",
    [
        ("SGD", "SGD"),
        ("NESTEROV", "Nesterov"),
        ("ADAGRAD", "AdaGrad"),
        ("RMSPROP", "RMSProp"),
        ("ADADELTA", "AdaDelta"),
        ("ADAM", "Adam"),
    ],
)
def test_solver_type_becomes_type(old, new):
    spec = read_solver_text(f"base_lr: 0.1\nsolver_type: {old}")
    assert spec.message == SolverParameter(base_lr=0.1, type=new)
    assert spec.span("type").text == f"solver_type: {old}"


def test_places_of_inputs_are_moved():
    entry = read_net_text(PAIRS["inputs with shapes"][0]).layers[0]
    assert entry.span("top", 1).text == 'input: "b"'
    assert entry.span("input_param", "shape", 1).text == "input_shape { dim: 5 }"
    entry = read_net_text(PAIRS["inputs with four sizes each"][0]).layers[0]
    assert [entry.span("input_param", "shape", 1, "dim", i).text for i in range(4)] == ["5", "6", "7", "8"]


@pytest.mark.slow
def test_published_files_upgrade_as_the_original_tools_do():
    golden = shared("golden/upgraded")
    files = sorted(p for p in golden.rglob("*") if p.is_file())
    count = 0
    for path in files:
        original = shared("corpus/prototxt") / path.relative_to(golden)
        if original.stat().st_size > 15_000:
            continue
        kind = SolverParameter if "solver" in path.name else NetParameter
        expected = text_format.Parse(path.read_bytes(), kind())
        found = (read_solver if kind is SolverParameter else read_net)(original).message
        assert found == expected, path
        if kind is NetParameter:
            assert read_net_text(message_text(found)).message == expected, path
        count += 1
    assert count > 140
