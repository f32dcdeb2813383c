"""LS, Transpose and InnerProduct as one layer."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError

TRAIN = "include { phase: TRAIN }"


def text(rules: str = TRAIN, transpose: str = 'param { name: "s" } param { name: "t" }', inner: str = "", hidden: int = 2) -> str:
    return f"""input: "x" input_dim: 3 input_dim: {hidden} input_dim: 1 input_dim: 1
    input: "t" input_dim: 3 input_dim: 1 input_dim: 1 input_dim: 1
    layer {{ name: "ls" type: "LS" bottom: "x" bottom: "t" {rules} param {{ name: "s" }} }}
    layer {{ name: "tr" type: "Transpose" {rules} {transpose} }}
    layer {{ name: "ip" type: "InnerProduct" bottom: "x" top: "y" param {{ name: "t" }} {inner}
             inner_product_param {{ num_output: 1 bias_filler {{ value: 0.5 }} }} }}"""


X = torch.tensor([[1.0, 0], [0, 2], [1, 2]])
T = torch.tensor([3.0, 4, 8])


def test_the_weight_of_training_is_that_of_test():
    """By normal equations: 2 a + 2 b = 11 and 2 a + 8 b = 24, so that b is 13 / 6 and a is 10 / 3."""
    a, b = 10 / 3, 13 / 6
    net = netdef.loads(text(), phase="TRAIN")
    top = net(x=X.reshape(3, 2, 1, 1), t=T.reshape(3, 1, 1, 1))["y"]
    assert top.flatten().tolist() == pytest.approx([a + 0.5, 2 * b + 0.5, a + 2 * b + 0.5])
    assert net.params["ip"][0].flatten().tolist() == pytest.approx([a, b])
    assert [name for name, _ in net.named_parameters() if "weight" in name] == []
    other = netdef.loads(text(), phase="TEST")
    assert [layer.name for layer in other.layers.values()] == ["ip"]
    with torch.no_grad():
        for mine, theirs in zip(other.params["ip"], net.params["ip"], strict=True):
            mine.copy_(theirs)
    assert torch.equal(other(x=X.reshape(3, 2, 1, 1), t=torch.zeros(3, 1, 1, 1))["y"], top)


def test_without_rules_every_state_solves():
    assert "LSInnerProduct" in {layer.type_name for layer in netdef.loads(text(rules="")).layers.values()}


@pytest.mark.parametrize(("arguments", "words"), [
    ({"transpose": 'param { name: "s" }'}, "whose second is the weight of one InnerProduct"),
    ({"transpose": 'param { name: "s" } param { name: "other" }'}, "whose second is the weight of one InnerProduct"),
    ({"inner": TRAIN}, r"has rules beside those of `ls` \(LS\)"),
])
def test_other_forms_are_refused(arguments: dict[str, str], words: str):
    with pytest.raises(SpecError, match=words):
        netdef.loads(text(**arguments), phase="TRAIN")
