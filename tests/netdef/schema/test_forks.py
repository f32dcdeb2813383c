"""Fields and values of forks: accepted with one warning, refused with the fork's name, or left out leniently."""

import warnings

import pytest

import netdef
from netdef.definition.read import read_net_text, read_solver, read_solver_text
from netdef.errors import Problems
from netdef.schema import forks
from netdef.schema.lower import lower
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.source import Source
from netdef.text.parse import parse


def read(text, message_class=NetParameter, lenient=False):
    """The message, the complaints, the warnings."""
    problems = Problems()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        message, _ = lower(parse(Source("t", text)), message_class, problems, lenient)
    return message, [str(p.message) for p in problems], [str(w.message) for w in told]


def test_what_only_tunes_kernels_is_one_warning_with_place_and_fork():
    text = "".join(f'layer {{ name: "{name}" quantization_param {{ bw_params: 8 }} }}\n' for name in "abc")
    message, complaints, told = read(text)
    assert [layer.name for layer in message.layer] == ["a", "b", "c"]
    assert complaints == []
    assert told == ["t:1:19: `quantization_param` of intel/caffe (and 2 more) is ignored: numbers for its int8 kernels"]


def test_a_value_of_a_fork_leaves_the_default():
    message, complaints, told = read("layer { relu_param { engine: MKL2017 } pooling_param { engine: MKL2017 } }")
    assert message.layer[0].relu_param.engine == 0 and message.layer[0].HasField("pooling_param")
    assert complaints == []
    assert told == ["t:1:30: `MKL2017` of intel/caffe (and 1 more) is ignored: it chooses among its kernels"]


def test_what_means_something_is_refused_with_what_to_write():
    _, complaints, told = read('base_lr: 0.1 prune_method: "x"', SolverParameter)
    assert complaints == ["`prune_method` is of MingSun-Tse/Caffe_IncReg: pruning is told by `dsd_phase` here"]
    assert told == []


def test_lenient_turns_every_unknown_field_into_a_warning():
    text = 'layer { nam: "x" type: "ReLU" prune_param { prune_ratio: 0.5 } relu_param { engine: MINE } top: 3 }'
    _, complaints, told = read(text)
    assert len(complaints) == 4 and told == []
    message, complaints, told = read(text, lenient=True)
    assert complaints == ["`top` wants a string in quotes (UTF-8), found `3`"]  # no fork's field, but a mistake
    assert len(told) == 3 and all(line.startswith("t:1:") for line in told)
    assert message.layer[0].type == "ReLU" and not message.layer[0].top


def test_lenient_reaches_through_every_door(tmp_path):
    net = 'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 } } wonder: 1 }'
    with pytest.raises(netdef.SpecError, match="no field `wonder`"):
        netdef.loads(net)
    with pytest.warns(UserWarning, match="no field `wonder`"):
        assert netdef.loads(net, lenient=True).inputs == ["d"]
    with pytest.warns(UserWarning, match="no field `wonder`"):
        assert read_net_text(net, lenient=True).layers[0].name == "d"
    (tmp_path / "net.prototxt").write_text(net)
    with pytest.warns(UserWarning, match="no field `wonder`"):
        netdef.load(tmp_path / "net.prototxt", lenient=True)
    (tmp_path / "s.prototxt").write_text('net: "net.prototxt" larc_turbo: true')
    with pytest.raises(netdef.SpecError, match="`larc_turbo` is of NVIDIA/caffe"):
        read_solver(tmp_path / "s.prototxt")
    with pytest.warns(UserWarning, match="`larc_turbo` of NVIDIA/caffe is ignored"):
        assert read_solver(tmp_path / "s.prototxt", lenient=True).lenient
    with pytest.warns(UserWarning, match="larc_turbo"):
        assert read_solver_text("larc_turbo: true", lenient=True).lenient


def test_the_table_names_messages_that_are_there_and_fields_that_are_not():
    messages = NetParameter.DESCRIPTOR.file.message_types_by_name
    enums = {field.name for message in messages.values() for field in message.fields if field.enum_type}
    for entry in forks._TABLE:
        owner, name = entry.split(".")
        assert (owner in messages and name not in messages[owner].fields_by_name) or owner in enums, entry


def test_a_field_has_one_row():
    rows = [field for table in (forks._IGNORED, forks._REFUSED) for *_, fields in table for field in fields.split()]
    assert len(rows) == len(set(rows)) == len(forks._TABLE)


def test_a_layer_of_a_fork_is_refused_by_its_fork():
    with pytest.raises(
        netdef.SpecError, match="unknown type `RegionLoss`: it is of eric612/MobileNet-YOLO and not implemented"
    ):
        netdef.loads('layer { name: "l" type: "RegionLoss" top: "l" }')
