"""Layers of a file that several layers of a net take, by the ends of their names."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
import torch

import netdef
from netdef.errors import FileError
from netdef.weights.load import NothingLoadedWarning

INPUT = 'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } } '


def product(name: str, more: str = "", outputs: int = 4) -> str:
    filler = "weight_filler { type: 'gaussian' } bias_filler { type: 'gaussian' }"
    return (f'layer {{ name: "{name}" type: "InnerProduct" bottom: "x" top: "{name}" {more} '
            f"inner_product_param {{ num_output: {outputs} {filler} }} }} ")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    netdef.save_weights(netdef.loads(INPUT + product("fc6") + product("fc7")), tmp_path / "w.caffemodel")
    return tmp_path / "w.caffemodel"


POSTFIX = 'copy_postfix_name: "fc6"'


def test_each_layer_of_that_ending_takes_them(weights: Path):
    both = product("primary_fc6", POSTFIX) + product("second_fc6", POSTFIX)
    net = netdef.loads(INPUT + both + product("fc7") + product("other_fc6"))
    before = [blob.clone() for blob in net.params["other_fc6"]]
    report = netdef.load_weights(net, weights)
    source = netdef.loads(INPUT + product("fc6"))
    netdef.load_weights(source, weights)
    for name in ("primary_fc6", "second_fc6"):
        assert all(torch.equal(*pair) for pair in zip(net.params[name], source.params["fc6"]))
    assert set(report.used) == {"primary_fc6", "second_fc6", "fc7"} and report.only_in_file == ()
    assert report.only_in_net == ("other_fc6",) and all(torch.equal(*pair) for pair in zip(net.params["other_fc6"], before))


@pytest.mark.parametrize(("layers", "used"), [
    (product("primary_fc6", POSTFIX) + product("fc6"), ("fc6",)),  # the net has the layer itself
    (product("fc6", POSTFIX), ("fc6",)),
    (product("primary", POSTFIX), ()),  # its name ends otherwise
    (product("a_fc7", 'copy_postfix_name: "fc7"') + product("fc6"), ("fc6", "a_fc7")),
])
def test_other_layers_take_those_of_their_names(weights: Path, layers: str, used: tuple[str, ...]):
    with nullcontext() if used else pytest.warns(NothingLoadedWarning):
        assert netdef.load_weights(netdef.loads(INPUT + layers), weights).used == used


def test_other_shapes_are_an_error(weights: Path):
    with pytest.raises(FileError, match=r"layer `a_fc6`, blob 0: the file has shape \(4, 3\), the net \(5, 3\)"):
        netdef.load_weights(netdef.loads(INPUT + product("a_fc6", POSTFIX, outputs=5)), weights)
