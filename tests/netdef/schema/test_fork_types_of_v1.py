"""V1 types whose numbers forks gave to types of their own."""

from __future__ import annotations

import pytest
from google.protobuf import text_format

from netdef.schema.fork_types_of_v1 import may_be_a_forks
from netdef.schema.messages import V1LayerParameter


@pytest.mark.parametrize("text", [
    'type: ABSVAL bottom: "x" top: "y"',  # in xiaolonw's fork a RESHAPE
    'type: EXP bottom: "x" top: "y"',
    'type: EXP convolution_param { num_output: 3 }',  # in Xiaomi2008's fork a CONVOLUTION_SK
    'type: SLICE bottom: "x" top: "y"',  # in xiaolonw's fork a NORM
    'type: SLICE bottom: "x" bottom: "z" top: "y" top: "w"',
    'type: ARGMAX bottom: "x" top: "y"', 'type: THRESHOLD bottom: "x" top: "y"', 'type: MVN bottom: "x" top: "y"',
    "type: CROP",  # 10001 in the schema, in a pull request an RBM
])
def test_a_number_alone_may_be_a_forks(text):
    assert may_be_a_forks(text_format.Parse(text, V1LayerParameter()))


@pytest.mark.parametrize("text", [
    'type: EXP exp_param { base: 2 }', 'type: MVN mvn_param { }', 'type: ARGMAX argmax_param { top_k: 3 }',
    'type: SLICE bottom: "x" top: "y" top: "z"', 'type: SLICE slice_param { slice_point: 2 }', "type: RELU", "",
])
def test_a_message_or_the_tops_tell(text):
    assert not may_be_a_forks(text_format.Parse(text, V1LayerParameter()))
