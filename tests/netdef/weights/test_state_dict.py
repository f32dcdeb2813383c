"""Blobs under torch's names: what torch's own modules take, and back to the bit."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import netdef
from netdef.weights.state_dict import state_dict

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 6 dim: 5 } } }
layer { name: "a/conv.1" type: "Convolution" bottom: "data" top: "c"
        convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "bn" type: "BatchNorm" bottom: "c" top: "b" }
layer { name: "sc" type: "Scale" bottom: "b" top: "b" scale_param { bias_term: true } }
layer { name: "pr" type: "PReLU" bottom: "b" top: "b" }
layer { name: "ip" type: "InnerProduct" bottom: "b" top: "ip"
        inner_product_param { num_output: 7 transpose: true weight_filler { type: "xavier" } } }
"""


@pytest.fixture
def net():
    torch.manual_seed(1)
    net = netdef.loads(TEXT)
    mean, variance, factor = net.params["bn"]
    mean.copy_(torch.tensor([1.0, 2, 3, 4]))
    variance.copy_(torch.tensor([2.0, 4, 6, 8]))
    factor.fill_(2)
    return net


def test_names_and_layout_are_torchs(net):
    state = state_dict(net)
    assert {name: tuple(x.shape) for name, x in state.items()} == {
        "a/conv.1.weight": (4, 3, 3, 3), "a/conv.1.bias": (4,),
        "bn.running_mean": (4,), "bn.running_var": (4,), "sc.weight": (4,), "sc.bias": (4,), "pr.weight": (4,),
        "ip.weight": (7, 48), "ip.bias": (7,),
    }
    assert state["bn.running_mean"].tolist() == [0.5, 1, 1.5, 2]
    assert state["bn.running_var"].tolist() == [1, 2, 3, 4]
    theirs = nn.Linear(48, 7)
    theirs.load_state_dict({"weight": state["ip.weight"], "bias": state["ip.bias"]})
    x = torch.randn(2, 48)
    torch.testing.assert_close(theirs(x), x @ net.params["ip"][0] + net.params["ip"][1])


@pytest.mark.parametrize("form", ["pt", "old pt", "checkpoint", "safetensors", "names of a module", "prefix"])
def test_files_of_several_kinds_load_again(net, form, tmp_path):
    state, path = state_dict(net), tmp_path / ("w.safetensors" if form == "safetensors" else "w.pt")
    if form == "names of a module":
        state = {name.replace("a/conv.1", "a_conv_1"): x for name, x in state.items()}
    elif form == "prefix":
        state = {f"module.{name.replace('a/conv.1', 'a_conv_1')}": x for name, x in state.items()}
    if form == "safetensors":
        save_file(state, path)
    else:
        what = {"state_dict": state, "epoch": 3} if form == "checkpoint" else state
        torch.save(what, path, _use_new_zipfile_serialization=form != "old pt")
    other = netdef.loads(TEXT)
    report = netdef.load_weights(other, path)
    assert report.used == ("a/conv.1", "bn", "sc", "pr", "ip") and not report.only_in_file
    x = torch.randn(2, 3, 6, 5)
    with torch.no_grad():
        assert torch.equal(net(x)["ip"], other(x)["ip"])
    assert torch.equal(net.params["ip"][0], other.params["ip"][0])


def test_everything_that_does_not_fit_is_reported_at_once_and_nothing_is_copied(net, tmp_path):
    before = [x.clone() for x in net.params["ip"]]
    torch.save({"ip.weight": torch.ones(7, 5), "ip.bias": torch.ones(7), "sc.weight": torch.ones(4), "sc.gain": torch.ones(1)},
               tmp_path / "w.pt")
    with pytest.raises(netdef.FileError) as error:
        netdef.load_weights(net, tmp_path / "w.pt")
    assert str(error.value).splitlines() == [
        f"{tmp_path}/w.pt: does not fit the net",
        "  layer `ip` (InnerProduct): `weight` has shape (7, 5), the net has (7, 48)",
        "  layer `sc` (Scale): has no `bias`",
        "  layer `sc` (Scale): has no use for `gain`",
    ]
    assert all(torch.equal(a, b) for a, b in zip(before, net.params["ip"]))
