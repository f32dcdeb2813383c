"""Python: modules of torch."""

from __future__ import annotations

import copy
import json

import pytest
import torch
from user_modules import Perceptron

import netdef

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }'
X = torch.linspace(-2, 3, 6).reshape(2, 3)


def load(layer: str, param_str: str = "", tops: tuple = ("y",), phase: str = "TRAIN", bottom: str = 'bottom: "x"'):
    made = " ".join(f'top: "{top}"' for top in tops)
    return netdef.loads(
        f'{INPUT} layer {{ name: "l" type: "Python" {bottom} {made} python_param {{ module: "user_modules" '
        f"layer: '{layer}' param_str: {json.dumps(param_str)} }} }}", phase=phase, allow_python=True)


def test_output_and_gradients_match_the_module():
    torch.manual_seed(3)
    net = load("Perceptron", '{"inside": 5}')
    torch.manual_seed(3)
    module = Perceptron(5)
    assert net.shapes["y"] == (2, 5)
    for _ in range(2):
        mine, theirs = net(x=X)["y"], module(X)
        torch.testing.assert_close(mine, theirs)
    mine.pow(3).sum().backward()
    theirs.pow(3).sum().backward()
    for (name, value), blob in zip(module.named_parameters(), net.params["l"]):
        torch.testing.assert_close(blob, value.detach() if not value.requires_grad else value, msg=name)
        assert (blob.grad is None) == (value.grad is None)
        if value.grad is not None:
            torch.testing.assert_close(blob.grad, value.grad)
    torch.testing.assert_close(net.params["l"][5], module.norm.running_mean)
    net.eval(), module.eval()
    torch.testing.assert_close(net(x=X)["y"], module(X))


def test_blobs_are_parameters_in_order_then_statistics():
    shapes = [tuple(blob.shape) for blob in load("Perceptron", "{'inside': 7}").params["l"]]
    assert shapes == [(7,), (7, 3), *[(7,)] * 5]  # torch lists a module's own first; mean and variance last
    assert len(load("Perceptron", '{"inside": 7, "bias": false}').params["l"]) == 6
    assert [entry.lr_mult for entry in load("Perceptron").learnable] == [0, *[None] * 4, 0, 0]


def test_a_word_and_two_tops():
    net = load("Word", "seven", ("y", "z"))
    outputs = net(x=X)
    assert net.shapes["z"] == () and outputs["y"].equal(X * 5) and outputs["z"] == X.sum()


def test_further_texts_of_a_fork_are_refused():
    text = (f'{INPUT} layer {{ name: "l" type: "Python" bottom: "x" top: "y" python_param {{ module: "user_modules" '
            'layer: "Word" param_str: "seven" param_str2: "eight" } }')
    with pytest.raises(netdef.SpecError, match="has `param_str2`; a torch.nn.Module takes `param_str` alone"):
        netdef.loads(text, allow_python=True)


def test_the_number_of_tops_must_agree():
    with pytest.raises(netdef.SpecError, match="must return 1 tensors, one a top; it returned Tensor, Tensor"):
        load("Word")


def test_wrong_options_have_a_place_and_a_cause():
    with pytest.raises(netdef.SpecError, match=r"`user_modules.Perceptron` raised TypeError: .*inzide") as raised:
        load("Perceptron", '{"inzide": 5}')
    assert isinstance(raised.value.__cause__, TypeError) and str(raised.value).startswith("<text>:1:")


def test_without_bottoms_it_is_a_layer():
    net = load("Learned", bottom="")
    net(x=X)["y"].sum().backward()
    assert net.params["l"][0].grad.tolist() == [3, 3] and not net.feeds


def test_copies_and_double_precision():
    net = load("Perceptron")
    other = copy.deepcopy(net).double()
    with torch.no_grad():
        other.params["l"][0].zero_()
    assert other(x=X.double())["y"].dtype == torch.float64
    assert not net(x=X)["y"].double().equal(other(x=X.double())["y"])
