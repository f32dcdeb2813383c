"""Old Normalize layers of happynear's fork."""

from __future__ import annotations

from netdef.definition.read import read_net_text


def test_an_old_normalize_has_its_norm_in_softmax_param():
    text = '''layer { name: "n" type: "Normalize" bottom: "x" top: "y" softmax_param { normalize_type: "L1" } }'''
    message = read_net_text(text).layers[0].message
    assert message.normalize_param.normalize_type == "L1" and not message.HasField("softmax_param")
