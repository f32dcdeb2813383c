"""Unknown fields and values: of forks, warned about once or refused; left out with ``lenient``."""

from __future__ import annotations

import warnings

import pytest

import netdef
from netdef.definition.read import read_net_text, read_solver, read_solver_text
from netdef.errors import Problems
from netdef.schema.lower import lower
from netdef.schema.messages import ConvolutionParameter, NetParameter, SolverParameter
from netdef.schema.unknown_fields import describe_unknown
from netdef.source import Source
from netdef.text.parse import parse


def read(text, message_class=NetParameter, lenient=False):
    """The message, the complaints, the warnings."""
    problems = Problems()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        message, _ = lower(parse(Source("t", text)), message_class, problems, lenient)
    return message, [str(p.message) for p in problems], [str(w.message) for w in warned]


def test_a_field_that_only_tunes_kernels_is_one_warning():
    text = "".join(f'layer {{ name: "{name}" quantization_param {{ bw_params: 8 }} }}\n' for name in "abc")
    message, complaints, warned = read(text)
    assert [layer.name for layer in message.layer] == ["a", "b", "c"]
    assert complaints == []
    assert warned == ["t:1:19: `quantization_param` of intel/caffe (and 2 more) is ignored: numbers for its int8 "
                    "kernels; the net computes in single precision"]


def test_a_value_of_a_fork_leaves_the_default():
    message, complaints, warned = read("layer { relu_param { engine: MKL2017 } pooling_param { engine: MKL2017 } }")
    assert message.layer[0].relu_param.engine == 0 and message.layer[0].HasField("pooling_param")
    assert complaints == []
    assert warned == ["t:1:30: `MKL2017` of intel/caffe (and 1 more) is ignored: it chooses among its kernels"]


def test_a_field_that_changes_the_net_is_an_error_with_a_replacement():
    _, complaints, warned = read('base_lr: 0.1 prune_method: "x"', SolverParameter)
    assert len(complaints) == 1 and "`prune_method` is of MingSun-Tse/Caffe_IncReg: columns of weights" in complaints[0]
    assert complaints[0].endswith("`dsd_phase { mask_policy: GRADUAL }` prunes more and more weights, CHANNEL whole channels")
    assert warned == []


def test_lenient_turns_every_unknown_field_into_a_warning():
    text = 'layer { nam: "x" type: "ReLU" squeezedet_param { of: 0.5 } pooling_param { pool: MINE } top: 3 }'
    _, complaints, warned = read(text)
    assert len(complaints) == 4 and warned == []
    message, complaints, warned = read(text, lenient=True)
    assert complaints == ["`top` wants a string in quotes (UTF-8), found `3`"]  # no fork's field, but a mistake
    assert len(warned) == 3 and all(line.startswith("t:1:") for line in warned)
    assert message.layer[0].type == "ReLU" and not message.layer[0].top


def test_every_reading_function_takes_lenient(tmp_path):
    net = 'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 } } wonder: 1 }'
    with pytest.raises(netdef.SpecError, match="no field `wonder`"):
        netdef.loads(net)
    with pytest.warns(UserWarning, match="no field `wonder`"):
        assert netdef.loads(net, lenient=True).inputs == ["d"]
    assert read_net_text(net, lenient=True).lenient
    (tmp_path / "net.prototxt").write_text(net)
    with pytest.warns(UserWarning, match="no field `wonder`"):
        netdef.load(tmp_path / "net.prototxt", lenient=True)
    (tmp_path / "s.prototxt").write_text('net: "net.prototxt" amsgrad: true')
    with pytest.raises(netdef.SpecError, match="`amsgrad` is of a pull request to BVLC/caffe"):
        read_solver(tmp_path / "s.prototxt")
    with pytest.warns(UserWarning, match="`amsgrad` of a pull request to BVLC/caffe is ignored"):
        assert read_solver(tmp_path / "s.prototxt", lenient=True).lenient
    with pytest.warns(UserWarning, match="amsgrad"):
        assert read_solver_text("amsgrad: true", lenient=True).lenient


@pytest.mark.parametrize(("name", "hint"), [
    ("bottm", "; did you mean `bottom`?"), ("blobs_lr", "; it belongs in the old `layers`, not in `layer`"), ("xyzzy", ""),
    ("layer", ": a layer stands in no other; is a `}` missing before it?"),
    ("layers", ": a layer stands in no other; is a `}` missing before it?"),
])
def test_an_unknown_field_has_a_hint(name, hint):
    layer = NetParameter.DESCRIPTOR.fields_by_name["layer"].message_type
    assert describe_unknown(layer, name) == f"LayerParameter has no field `{name}`{hint}"


@pytest.mark.parametrize("text", ["amsgrad: false", "winograd_sparsity_factor: 0", "winograd_sparsity_factor: 0.0"])
def test_a_field_that_is_switched_off_is_ignored(text):
    _, complaints, warned = read(text, SolverParameter)
    assert complaints == []
    assert len(warned) == 1 and warned[0].endswith("is ignored: it is switched off")
    assert read(text.replace("false", "true").replace("0", "0.5"), SolverParameter)[1] != []


@pytest.mark.parametrize("off, on", [("input_scale: 1", "input_scale: 10"), ("output_scale: 1.0", "output_scale: 1.5"),
                                     ("weight_zero_point: 0", "weight_zero_point: 1"), ("saturate: None", "saturate: Signed")])
def test_numbers_of_bits_do_nothing_at_their_defaults(off, on):
    assert read(off, ConvolutionParameter)[1] == [] and len(read(on, ConvolutionParameter)[1]) == 1
