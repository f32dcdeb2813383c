"""Which weights of a module can be pruned, and which are by default."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dsd.attached.phases import AttachError
from dsd.attached.weights import named_weights, unwrapped


class Zoo(nn.Module):
    """One of each kind of module, the first convolution not the first module."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(13, 6)
        self.stem = nn.Conv2d(3, 4, 3)
        self.flat = nn.Conv1d(4, 6, 5, groups=2)
        self.deep = nn.Conv3d(2, 3, 2)
        self.up = nn.ConvTranspose2d(6, 4, 3, groups=2)
        self.norm = nn.BatchNorm2d(5)
        self.last_norm = nn.LayerNorm((2, 3))
        self.lstm = nn.LSTM(7, 8, num_layers=2, bidirectional=True, proj_size=3)
        self.gru = nn.GRU(5, 4)
        self.rnn = nn.RNNCell(5, 3)
        self.attention = nn.MultiheadAttention(6, 2)
        self.cross = nn.MultiheadAttention(6, 3, kdim=5, vdim=4)
        self.block = nn.Sequential(nn.Linear(9, 2), nn.PReLU())
        self.position = nn.Parameter(torch.randn(11, 6))


DEFAULT = [
    "flat.weight", "deep.weight", "up.weight",
    *(f"lstm.weight_{kind}_l{layer}{way}" for layer in (0, 1) for way in ("", "_reverse") for kind in ("ih", "hh", "hr")),
    "gru.weight_ih_l0", "gru.weight_hh_l0", "rnn.weight_ih", "rnn.weight_hh", "attention.in_proj_weight",
    "attention.out_proj.weight", "cross.q_proj_weight", "cross.k_proj_weight", "cross.v_proj_weight",
    "cross.out_proj.weight", "block.0.weight",
]


def usual(model, trained=None, chooses=None):
    trained = set(model.parameters()) if trained is None else trained
    return [weight.key for weight in named_weights(model, trained, chooses) if weight.usual]


def test_the_default():
    model = Zoo()
    assert usual(model) == DEFAULT
    assert {w.key for w in named_weights(model, set())} == {"stem.weight", *DEFAULT}  # what can be named
    assert set(DEFAULT) < set(model.state_dict())


def test_names_for_patterns_and_reports():
    found = {w.key: (w.layer, w.label) for w in named_weights(Zoo(), set())}
    assert found["block.0.weight"] == ("block.0", "block.0")
    assert found["gru.weight_hh_l0"] == ("gru", "gru.weight_hh_l0")
    assert found["attention.in_proj_weight"] == ("attention", "attention.in_proj_weight")
    (alone,) = named_weights(nn.Linear(3, 2), set())
    assert (alone.key, alone.layer, alone.label) == ("weight", "Linear", "Linear")
    root = nn.LSTM(3, 2)
    assert [(w.key, w.layer, w.label) for w in named_weights(root, set())] == [
        ("weight_ih_l0", "LSTM", "LSTM.weight_ih_l0"), ("weight_hh_l0", "LSTM", "LSTM.weight_hh_l0")]


def test_only_what_the_optimiser_has_and_moves():
    model = Zoo()
    assert usual(model, {model.block[0].weight, model.gru.weight_hh_l0}) == ["gru.weight_hh_l0", "block.0.weight"]
    model.gru.requires_grad_(False)
    assert usual(model, {model.block[0].weight, model.gru.weight_hh_l0}) == ["block.0.weight"]


def test_a_predicate_decides_alone():
    model = Zoo()
    assert usual(model, chooses=lambda name, module: isinstance(module, nn.Embedding) or name == "stem") == [
        "words.weight", "stem.weight"]
    assert usual(model, chooses=lambda name, module: module is model) == ["position"]


@pytest.mark.parametrize(("name", "shape"), [
    ("flat.weight", (1, 6, 2, 5)), ("deep.weight", (1, 3, 2, 8)), ("up.weight", (2, 2, 3, 9)),
    ("lstm.weight_ih_l0", (1, 32, 7, 1)), ("block.0.weight", (1, 2, 9, 1))])
def test_output_channels(name, shape):
    weight = {w.key: w for w in named_weights(Zoo(), set())}[name]
    assert weight.by_channel(weight.tensor).shape == shape
    view = weight.by_channel(torch.zeros(weight.tensor.shape))
    view.fill_(1)  # a view
    assert view.sum() == weight.tensor.numel()


@pytest.mark.parametrize("name", ["flat.weight", "lstm.weight_hr_l1", "attention.in_proj_weight", "block.0.weight"])
def test_new_first_values_are_those_of_the_module(name):
    weight = {w.key: w for w in named_weights(Zoo(), set())}[name]
    drawn = torch.zeros(weight.tensor.shape)
    torch.manual_seed(1)
    weight.fill(drawn)
    again = Zoo()
    torch.manual_seed(1)
    module = again.get_submodule(name.rpartition(".")[0])
    (module._reset_parameters if isinstance(module, nn.MultiheadAttention) else module.reset_parameters)()
    assert torch.equal(drawn, again.get_parameter(name)) and drawn.any()


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(AttachError, match="`0.weight` has no shape yet; run the model on a batch"):
        named_weights(nn.Sequential(nn.LazyLinear(3)), set())


def test_wrappers_are_taken_off():
    model = nn.Sequential(nn.Linear(3, 2))
    assert unwrapped(torch.compile(nn.DataParallel(torch.compile(model)))) is model
