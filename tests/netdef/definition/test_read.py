"""Read nets and solvers: from files, texts and messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from netdef.definition.read import is_solver, read_net, read_net_message, read_net_text, read_solver, read_solver_text
from netdef.errors import FileError, Problems, SpecError
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where
from netdef.source import Source
from netdef.text.parse import parse


def test_a_net_inside_a_solver_is_upgraded_when_it_is_read():
    solver = read_solver_text('net_param {\n  layers { name: "r" type: RELU bottom: "a" }\n}', name="s")
    net = read_net_message(solver.message.net_param, solver.where.child("net_param"), Path("."))
    assert net.layers[0].type == "ReLU"
    assert str(net.layers[0].span("bottom", 0)) == "s:2:33"


def test_a_text_of_the_other_kind_is_one_error():
    with pytest.raises(SpecError, match=r"s:1:1: this is a solver, a net is wanted here\n(.*\n)*1 problem in s"):
        read_net_text("base_lr: 0.1\nmax_iter: 10\ntype: 'SGD'", name="s")
    with pytest.raises(SpecError, match="this is a net, a solver is wanted here"):
        read_solver_text('layer { name: "a" }')
    assert is_solver(parse(Source("s", "base_lr: 0.1"))) and not is_solver(parse(Source("n", 'name: "n"')))


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_text_is_refused(text):
    with pytest.raises(FileError, match="n: is empty, or holds nothing but comments; a net is wanted here"):
        read_net_text(text, name="n")


def test_problems_are_added_and_the_net_is_returned_without_the_fields(tmp_path):
    (tmp_path / "n.prototxt").write_text('layer { name: "a" type: "ReLU" } wonder: 1')
    (tmp_path / "s.prototxt").write_text("base_lr: high max_iter: 5")
    problems = Problems()
    net = read_net(tmp_path / "n.prototxt", problems=problems)
    solver = read_solver(tmp_path / "s.prototxt", problems=problems)
    assert [layer.name for layer in net.layers] == ["a"] and solver.message.max_iter == 5
    assert ["wonder" in problem.message for problem in problems] == [True, False]


def test_unknown_fields_of_layers_are_kept_with_the_layer():
    net = read_net_text('layer { name: "a" type: "ReLU" relu_param { wonder: 1 } }')
    (unread,) = net.layers[0].where.unread
    assert (unread.owner, unread.name, str(unread.span)) == ("ReLUParameter", "wonder", "<text>:1:45")


def test_unknown_fields_are_reported_with_other_mistakes_of_the_text():
    with pytest.raises(SpecError, match="ReLUParameter has no field `wonder`") as caught:
        read_net_text('layer { name: 3 type: "ReLU" relu_param { wonder: 1 } }')
    assert len(caught.value.problems) == 2


def test_rules_of_both_kinds_are_an_error():
    with pytest.raises(SpecError, match="layer `a` .ReLU. has both `include` and `exclude`; give rules of one kind"):
        read_net_text('layer { name: "a" type: "ReLU" include { phase: TRAIN } exclude { stage: "x" } }')


def test_a_byte_order_mark_before_a_text_in_memory_is_ignored():
    net = read_net_text('\ufeffname: "n" layer { name: "s" type: "Silence" bottom: "x" }')
    assert net.name == "n" and [layer.name for layer in net.layers] == ["s"]
    assert read_solver_text("\ufeffbase_lr: 0.5").message.base_lr == 0.5


@pytest.mark.parametrize("layers, said", [
    ([{"type": "CConvolution", "cconvolution_param": {}}], "`cconvolution_param` is ignored"),
    ([{"type": "MemoryData", "source_class": "com.yahoo.ml.caffe.LMDB"}], "MemoryData of com.yahoo.ml.caffe.LMDB is read"),
    ([{"type": "Normalize"}, {"type": "ChannelScale"}], "layer `` (Normalize) is read as in happynear's fork"),
    ([{"type": "ImageLabelmapData"}, {"type": "SigmoidCrossEntropyLoss"}], "layer `` (SigmoidCrossEntropyLoss) is read as"),
])
def test_a_warning_about_a_net_without_text_names_no_place(layers: list[dict[str, object]], said: str):
    with pytest.warns(UserWarning) as caught:
        read_net_message(NetParameter(layer=layers), Where(), Path())
    assert [str(warning.message).startswith(said) for warning in caught] == [True]
