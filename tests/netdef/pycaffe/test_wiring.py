"""Names, splits, inputs and outputs as the original has them, on the nets that people published."""

from __future__ import annotations

import json
import warnings

import pytest
from oracle import SHARED

from netdef.definition.filter import filter_net
from netdef.definition.read import read_net
from netdef.graph.build import build_net
from netdef.pycaffe.wiring import wire

RECORDED = SHARED / "golden" / "shapes" / "caffe_net_shapes_TEST.json"
CASES = [case for case in json.loads(RECORDED.read_text()) if case["status"] == "ok"] if RECORDED.exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["path"])
def test_a_published_net(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = build_net(filter_net(read_net(SHARED / "corpus" / case["path"]), "TEST"), "meta")
    wiring = wire(net)
    names = wiring.blob_names
    layers = [[wired.name, wired.type, [names[b] for b in wired.bottoms], [names[t] for t in wired.tops]]
              for wired in wiring.layers]
    assert layers == [layer[:4] for layer in case["layers"]]
    assert [names[blob] for blob in wiring.inputs] == case["inputs"]
    assert [names[blob] for blob in wiring.outputs] == case["outputs"]
    assert list(names) == list(case["blobs"])
    assert dict(zip(names, wiring.loss_weights)) == case["loss_weights"]
