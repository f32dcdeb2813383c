"""Values of fields of every type, against protobuf's own text parser. Errors: ../definition/test_complaints.py."""

from __future__ import annotations

import math

import pytest
from google.protobuf import text_format

from netdef.errors import Problems
from netdef.schema import messages
from netdef.schema.lower import lower
from netdef.source import Source
from netdef.text.parse import parse


def read(text, message_class=messages.LayerParameter):
    problems = Problems()
    message, _ = lower(parse(Source("t", text)), message_class, problems)
    return message, [p.message for p in problems]


# Texts on which protobuf's parser in Python agrees with the original's in C++.
@pytest.mark.parametrize(
    "message_class, text",
    [
        ("LayerParameter", "name: 'a' 'b' type: \"\\x41\\102\" bottom: ['x', 'y'] bottom: 'z'"),
        ("LayerParameter", "loss_weight: [1, 1., .5, 1e-3, 1.5f, -3, inf, -inf, Infinity, INF, -infinity]"),
        ("LayerParameter", "propagate_down: [true, True, t, 1, false, False, f, 0]"),
        ("LayerParameter", "phase: TEST include { phase: 0 min_level: -7 } exclude {} pooling_param { pool: 0x1 }"),
        ("LayerParameter", "convolution_param { num_output: 0x1F pad: 017 stride: 4294967295 axis: -2147483648 }"),
        ("LayerParameter", "input_param: <shape: {dim: 9223372036854775807, dim: -9223372036854775808;}>"),
        ("LayerParameter", "param [{lr_mult: 1}, <decay_mult: 3.4028235e38>] param {} blobs { double_data: 1e300 }"),
        ("LayerParameter", "relu_param {} clip_param { min: -1 max: 1.00000001 }"),
        ("Datum", "data: '\\377\\x00\\n' label: 3 float_data: 0.1 encoded: true"),
        ("SolverParameter", "random_seed: -1 solver_mode: CPU type: 'SGD' net_param { name: '\u00e9' }"),
    ],
)  # fmt: skip
def test_values_equal_protobufs(message_class, text):
    message_class = getattr(messages, message_class)
    message, problems = read(text, message_class)
    assert problems == []
    assert message == text_format.Parse(text, message_class())


@pytest.mark.parametrize(
    "text",
    [
        "loss_weight: 5x",
        "loss_weight: 1.2.3",
        "loss_weight: 0x10",
        "loss_weight: 'one'",
        "loss_weight: one",
        "propagate_down: 2",
        "propagate_down: yes",
        "propagate_down: 'true'",
        "phase: TESTS",
        "phase: 7",
        "phase: 'TEST'",
        "name: conv",
        "name: 5",
        "name: '\\xff'",
        "convolution_param { pad: -1 }",
        "convolution_param { pad: 4294967296 }",
        "convolution_param { axis: 2147483648 }",
        "convolution_param { pad: 1.0 }",
        "convolution_param { pad: 09 }",
        "convolution_param { pad: { } }",
        "convolution_param: 3",
        "name: ['a']",
        "name: 'a' name: 'b'",
        "relu_param {} relu_param {}",
        "clip_param { min: 1 }",
        "nothing: 1",
        "phase: [TEST]",
    ],
)
def test_refuses_what_protobuf_refuses(text):
    _, problems = read(text)
    assert len(problems) == 1
    with pytest.raises(text_format.ParseError):
        message = text_format.Parse(text, messages.LayerParameter())
        if not message.IsInitialized():  # checked by the caller in protobuf
            raise text_format.ParseError


def test_nan_in_any_case():
    message, problems = read("loss_weight: [nan, -nan, NaN]")
    assert problems == [] and all(map(math.isnan, message.loss_weight)) and len(message.loss_weight) == 3


def test_floats_are_decimal():
    """As in C++; older versions of protobuf's Python read 010 as ten."""
    assert read("loss_weight: [010]")[1] == ["`loss_weight` wants a number in the range of float, found `010`"]


def test_a_number_beyond_float_is_an_error():
    assert read("loss_weight: 1e40") == (
        messages.LayerParameter(),
        ["`loss_weight` wants a number in the range of float, found `1e40`"],
    )
