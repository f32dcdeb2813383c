"""Layers, nets and solvers with their places and files."""

import re
from pathlib import Path

import pytest

from netdef.definition.read import read_net, read_net_message, read_net_text, read_solver, read_solver_text
from netdef.errors import Note, SpecError
from netdef.schema.where import Where

NET = 'name: "n"\nlayer {\n  name: "d" type: "Data" top: "x" top: "y"\n  data_param { source: "db" }\n}\n'


def test_a_layer_says_what_its_text_says():
    net = read_net_text(NET, name="n.prototxt")
    (layer,) = net.layers
    assert (net.name, net.phase) == ("n", "TEST")
    assert (layer.name, layer.type, layer.bottoms, layer.tops, layer.phase) == ("d", "Data", (), ("x", "y"), "TEST")
    assert str(layer.span("top", 1)) == "n.prototxt:3:35"
    assert layer.span("bottom") == layer.span()


def test_the_state_of_a_net_gives_its_phase():
    assert read_net_text("state { phase: TRAIN }").phase == "TRAIN"


def test_refuse_names_layer_and_place():
    (layer,) = read_net_text(NET, name="n.prototxt").layers
    error = layer.refuse("is odd", "data_param", "source", notes=[Note("see here", layer.span("name"))])
    assert str(error) == (
        "n.prototxt:4:16: layer `d` (Data) is odd\n"
        '    4 |   data_param { source: "db" }\n'
        "      |                ^~~~~~~~~~~~\n"
        "   note: n.prototxt:3:3: see here\n"
        "1 problem in n.prototxt"
    )


def test_resolve_looks_beside_the_file_then_in_the_working_directory(tmp_path, monkeypatch):
    beside, working = tmp_path / "models", tmp_path / "work"
    beside.mkdir()
    working.mkdir()
    monkeypatch.chdir(working)
    (beside / "net.prototxt").write_text(NET)
    (layer,) = read_net(beside / "net.prototxt").layers
    with pytest.raises(SpecError) as caught:
        layer.resolve("db", "data_param", "source")
    (problem,) = caught.value.problems
    assert (
        problem.message == f"layer `d` (Data) reads `db`, but there is no `{beside / 'db'}` and no `{working / 'db'}`"
    )
    assert problem.span.text == 'source: "db"'
    (working / "db").touch()
    assert layer.resolve("db") == working / "db"
    (beside / "db").mkdir()
    assert layer.resolve("db") == beside / "db"
    assert layer.resolve(str(working / "db")) == working / "db"


@pytest.mark.parametrize(
    "name, said",
    [("", "names no file$"), ("a\0b", "reads"), ("x" * 5000, "reads"), ("/no/where", "there is no `/no/where`$")],
)
def test_names_that_cannot_be_files(name, said):
    (layer,) = read_net_text(NET).layers
    with pytest.raises(SpecError) as caught:
        layer.resolve(name)
    assert re.search(said, caught.value.problems[0].message)


def test_solver(tmp_path):
    (tmp_path / "solver.prototxt").write_text(
        'net: "n.prototxt"\nbase_lr: 0.1\ndsd_phase { name: "sparse" sparsity: 0.3 }\n'
    )
    (tmp_path / "n.prototxt").touch()
    solver = read_solver(tmp_path / "solver.prototxt")
    assert solver.resolve(solver.message.net, "net") == tmp_path / "n.prototxt"
    assert solver.span("dsd_phase", 0, "sparsity").text == "sparsity: 0.3"
    with pytest.raises(SpecError, match=r"solver.prototxt:1:1: the solver reads `m`, but there is no"):
        solver.resolve("m", "net")


def test_a_net_inside_a_solver_is_upgraded_where_it_is_read():
    solver = read_solver_text('net_param {\n  layers { name: "r" type: RELU bottom: "a" }\n}', name="s")
    net = read_net_message(solver.message.net_param, solver.where.child("net_param"), Path("."))
    assert net.layers[0].type == "ReLU"
    assert str(net.layers[0].span("bottom", 0)) == "s:2:33"


def test_a_net_made_by_a_program_has_no_places():
    message = read_net_text(NET).message
    (layer,) = read_net_message(message, Where(), Path(".")).layers
    assert layer.span("name") is None
    assert str(layer.refuse("is odd", "top")) == "layer `d` (Data) is odd\n1 problem"


def test_one_place_tried_twice_is_named_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("net.prototxt").write_text(NET)
    (layer,) = read_net("net.prototxt").layers  # its folder is ".", which is the working directory
    with pytest.raises(SpecError) as caught:
        layer.resolve("db", "data_param", "source")
    (problem,) = caught.value.problems
    assert problem.message == f"layer `d` (Data) reads `db`, but there is no `{tmp_path / 'db'}`"
