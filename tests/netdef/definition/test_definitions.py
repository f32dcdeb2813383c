"""Layers, nets and solvers with their places and files."""

import re
from pathlib import Path

import pytest

from netdef.definition.read import read_net, read_net_message, read_net_text, read_solver
from netdef.errors import Note, SpecError
from netdef.schema.where import Where

NET = 'name: "n"\nlayer {\n  name: "d" type: "Data" top: "x" top: "y"\n  data_param { source: "db" }\n}\n'


def test_a_layer_has_the_fields_and_places_of_its_text():
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
    [("", "names no file$"), ("a\0b", "reads"), ("x" * 5000, "reads"), ("/no/where", "there is no `/no/where`$"),
     ("D:\new_lmdb", "write `/`, or two backslashes for one$"), ("D:\\data", "write `/`, or two backslashes for one$")],
)
def test_a_path_that_cannot_be_a_file_is_refused(name, said):
    (layer,) = read_net_text(NET).layers
    with pytest.raises(SpecError) as caught:
        layer.resolve(name)
    assert re.search(said, caught.value.problems[0].message)


def test_a_solver_has_places_and_files(tmp_path):
    (tmp_path / "solver.prototxt").write_text(
        'net: "n.prototxt"\nbase_lr: 0.1\ndsd_phase { name: "sparse" sparsity: 0.3 }\n'
    )
    (tmp_path / "n.prototxt").touch()
    solver = read_solver(tmp_path / "solver.prototxt")
    assert solver.resolve(solver.message.net, "net") == tmp_path / "n.prototxt"
    assert solver.span("dsd_phase", 0, "sparsity").text == "sparsity: 0.3"
    with pytest.raises(SpecError, match=r"solver.prototxt:1:1: the solver reads `m`, but there is no"):
        solver.resolve("m", "net")


def test_a_net_made_by_a_program_has_no_places():
    message = read_net_text(NET).message
    (layer,) = read_net_message(message, Where(), Path(".")).layers
    assert layer.span("name") is None
    assert str(layer.refuse("is odd", "top")) == "layer `d` (Data) is odd\n1 problem"


def test_a_place_that_is_tried_twice_is_named_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("net.prototxt").write_text(NET)
    (layer,) = read_net("net.prototxt").layers  # its folder is ".", which is the working directory
    with pytest.raises(SpecError) as caught:
        layer.resolve("db", "data_param", "source")
    (problem,) = caught.value.problems
    assert problem.message == f"layer `d` (Data) reads `db`, but there is no `{tmp_path / 'db'}`"


def test_other_layers_with_their_places():
    net = read_net_text(NET + 'layer { name: "e" }', name="n.prototxt")
    swapped = net.with_layers([(net.layers[1].message, net.layers[1].where), (net.layers[0].message, Where())])
    assert [layer.name for layer in swapped.layers] == ["e", "d"] and swapped.name == "n"
    assert str(swapped.layers[0].span()) == "n.prototxt:6:1" and swapped.layers[1].span("name") is None
    assert [layer.name for layer in net.layers] == ["d", "e"]
