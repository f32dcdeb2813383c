"""Published nets, built without taking memory: the shape of every blob and parameter as the original Caffe has it."""

from __future__ import annotations

import json
import re

import pytest
from oracle import SHARED, shared

import netdef
from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.core.registry import known_types

REASONS = {
    r"Unknown layer type: (\w+)": r"has an unknown type `\1`",
    r"Unknown bottom blob '(\w+)'": r"reads blob `\1`, which no layer before it makes",
    "Failed to open leveldb": "but there is no",
    "Boost.Python.function": r"(Python)",
}
"""What Caffe says of a net that it does not build, and what of ours must say so too."""


def recorded(status: str) -> list:
    """The nets that Caffe built (``ok``), or did not (``FAIL``)."""
    file = SHARED / "golden/shapes/caffe_net_shapes_TEST.json"
    cases = json.loads(file.read_text()) if file.exists() else []
    return [pytest.param(case, id=case["path"].removeprefix("prototxt/")) for case in cases if case["status"] == status]


def load(case: dict) -> Net:
    return netdef.load(shared("corpus") / case["path"], "TEST", device="meta")


@pytest.mark.slow
@pytest.mark.parametrize("case", recorded("ok"))
def test_nets_have_caffes_shapes(case):
    net = load(case)
    # Caffe copies a blob for several readers; ours hands it to them all.
    assert net.shapes == {blob: tuple(shape) for blob, shape in case["blobs"].items() if "_split_" not in blob}
    weights = {layer: [tuple(shape) for shape in shapes] for layer, _, _, _, shapes in case["layers"] if shapes}
    assert {layer: [tuple(blob.shape) for blob in blobs] for layer, blobs in net.params.items()} == weights
    assert net.inputs == case["inputs"]
    assert net.outputs == case["outputs"]


@pytest.mark.parametrize("case", recorded("FAIL"))
def test_nets_that_caffe_refuses_are_refused(case):
    for pattern, words in REASONS.items():
        if found := re.search(pattern, case["error"]):
            break
    else:
        pytest.fail(f"a new reason: {case['error']}")
    if found.groups() and found[1] in known_types():
        pytest.skip(f"`{found[1]}` is a layer of a fork, which ours knows")
    if "Boost.Python" in case["error"] and "ProposalLayer" in (SHARED / "corpus" / case["path"]).read_text():
        pytest.skip("the Python layer of proposals is built as the layer Proposal")
    with pytest.raises(NetdefError, match=re.escape(found.expand(words))):
        load(case)
