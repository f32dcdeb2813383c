"""Texts of messages, which read back the same."""

import numpy as np
import pytest

from netdef.errors import Problems
from netdef.schema import messages
from netdef.schema.lower import lower
from netdef.source import Source
from netdef.text.parse import parse
from netdef.text.write import message_text


def read_back(message):
    problems = Problems()
    result, _ = lower(parse(Source("t", message_text(message))), type(message), problems)
    assert not problems
    return result


def test_the_layout_of_a_message():
    net = messages.NetParameter(name="n", force_backward=True)
    layer = net.layer.add(name="c", type="Pooling", bottom=["a", "b"])
    layer.pooling_param.pool = messages.PoolingParameter.AVE
    layer.pooling_param.kernel_size = 3
    layer.param.add().lr_mult = 0.1
    layer.input_param.SetInParent()
    net.layer.add().dummy_data_param.data_filler.add(type="constant", value=-2)
    assert message_text(net) == (
        'name: "n"\n'
        "force_backward: true\n"
        "layer {\n"
        '  name: "c"\n'
        '  type: "Pooling"\n'
        '  bottom: "a"\n'
        '  bottom: "b"\n'
        "  param { lr_mult: 0.1 }\n"
        "  pooling_param { pool: AVE kernel_size: 3 }\n"
        "  input_param {}\n"
        "}\n"
        "layer {\n"
        "  dummy_data_param {\n"
        '    data_filler { type: "constant" value: -2 }\n'
        "  }\n"
        "}\n"
    )


@pytest.mark.parametrize(
    "value, text",
    [(0.1, "0.1"), (1, "1"), (1e-8, "1e-08"), (0.00043, "0.00043"), (-0.0, "-0"), (float("inf"), "inf"),
     (float("-inf"), "-inf"), (float("nan"), "nan"), (1 / 3, "0.33333334"), (16777216, "16777216")],
)  # fmt: skip
def test_floats_are_the_shortest_that_read_back(value, text):
    assert message_text(messages.FillerParameter(value=value)) == f"value: {text}\n"


def test_every_float_reads_back_to_the_bit():
    bits = np.random.default_rng(0).integers(0, 2**32, 5000, dtype=np.uint32)
    values = bits.view(np.float32)
    values = values[np.isfinite(values)]
    blob = messages.BlobProto(
        data=[*values.tolist(), np.inf, -np.inf, -0.0, 1e-45, 3.4028235e+38], double_data=[0.1, 1e300, 5e-324]
    )
    assert read_back(blob).SerializeToString() == blob.SerializeToString()


def test_extreme_values_read_back():
    message = messages.Datum(data=bytes(range(256)), label=-(2**31), float_data=[1.5] * 40, encoded=True)
    assert read_back(message) == message
    solver = messages.SolverParameter(
        random_seed=-(2**63), stepvalue=range(100), type='"\\\n\u00e9\x01', test_net=["x"] * 12
    )
    assert read_back(solver) == solver


def test_lists_are_wrapped():
    text = message_text(messages.BlobProto(data=[1 / 3] * 50))
    assert max(map(len, text.splitlines())) <= 100
    assert text.count("0.33333334") == 50
