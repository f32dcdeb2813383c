"""Fields that BVLC/caffe's schema had for a while: each row of the table."""

from __future__ import annotations

import warnings

import pytest

import netdef
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.schema import messages
from netdef.schema.forks import fork_of
from netdef.schema.history import IGNORED, REFUSED, RENAMED, ROWS, renamed


def fields(treatment):
    return [(row, *field.split(".")) for row in ROWS if row.treatment == treatment for field in row.fields.split()]


@pytest.mark.parametrize(("row", "owner", "name"), fields(RENAMED), ids=lambda value: value if isinstance(value, str) else "")
def test_renamed_fields_have_a_place_in_the_schema(row, owner, name):
    known = getattr(messages, owner).DESCRIPTOR.fields_by_name
    assert name not in known and row.what in known and renamed(owner, name) == row.what


@pytest.mark.parametrize(("row", "owner", "name"), [*fields(IGNORED), *fields(REFUSED)],
                         ids=lambda value: value if isinstance(value, str) else "")
def test_ignored_and_refused_fields_have_their_reason(row, owner, name):
    fork = fork_of(owner, name)
    assert (fork.name, fork.reason, fork.ignored) == (f"BVLC/caffe of {row.when}", row.what, row.treatment == IGNORED)
    if owner != "type":
        assert name not in getattr(messages, owner).DESCRIPTOR.fields_by_name


def test_a_request_for_a_part_of_a_model_is_one_complaint():
    text = 'start_layer: "conv1" end_layers: "pool5" num_splits: 1 node_info { ip: "x" } name: "n"'
    with pytest.raises(SpecError) as caught:
        netdef.loads(text)
    (problem,) = caught.value.problems
    assert problem.message.endswith("a request for a part of a model, of intel's pull requests for several nodes, and no net")


def test_a_version_of_a_net_is_ignored_with_a_warning():
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        read_net_text('version: 1 layers { name: "r" type: LRELU bottom: "x" top: "y" relu_param { negative_slope: 0.5 } }')
    assert [str(w.message) for w in warned] == [
        "<text>:1:1: `version` of BVLC/caffe of 2014-03 is ignored: the form of the layers says their version"]
