"""What is listed of a weight file, without its net and without data."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from rich.console import Console

import netdef
from netdef.convert.contents import contents_table
from netdef.errors import FileError

NET = """
layer { name: "data" type: "%s" top: "x" %s }
layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.5 } }
layer { name: "ip" type: "InnerProduct" bottom: "x" bottom: "m" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "constant" value: 2 } } }
layer { name: "scale" type: "Scale" bottom: "ip" top: "scale" }
"""


def shown(path: str) -> list[str]:
    """The rows of a file's table, cells separated by single blanks."""
    screen = Console(width=100)
    with screen.capture() as capture:
        screen.print(contents_table(path))
    rows = [line for line in capture.get().splitlines() if "│" in line]
    return [" ".join(row.replace("│", " ").split()) for row in rows]


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> netdef.Net:
    """A net whose weight has 6 zeros among 12, 8 of them masked."""
    monkeypatch.chdir(tmp_path)
    net = netdef.loads(NET % ("Input", "input_param { shape { dim: 2 dim: 3 } }"))
    kept = torch.arange(12).reshape(4, 3) % 3 == 0
    net.params["ip"][0].data[0] = 0
    net.params["ip"][0].data[1] = 0
    net.masks["m"].set(kept)
    return net


def test_a_caffemodel_of_a_training_net_is_listed_without_its_data(net: netdef.Net):
    netdef.save_weights(net, "w.caffemodel")
    whole = Path("w.caffemodel").read_bytes()
    assert whole.count(b"Input") == 1
    Path("w.caffemodel").write_bytes(whole.replace(b"\x05Input", b"\x05Wrong"))
    assert shown("w.caffemodel") == [
        "m Mask 4x3 66.7%", "ip InnerProduct 4x3, 4 16 50.0%", "scale Scale 4 4", "total 0.0 MiB as float32 20"]


@pytest.mark.parametrize("path", ["w.h5", "w.safetensors"])
def test_files_without_a_net_have_no_types(net: netdef.Net, path: str):
    netdef.save_weights(net, path)
    assert sorted(shown(path)) == sorted([
        "m 4x3 66.7%", "ip 4x3, 4 16 50.0%", "scale 4 4", "total 0.0 MiB as float32 20"])


def test_a_state_dict_has_a_row_a_tensor(net: netdef.Net):
    netdef.save_weights(net, "w.pth")
    assert shown("w.pth") == ["ip.weight 4x3 12 83.3%", "ip.bias 4 4", "scale.weight 4 4", "total 0.0 MiB as float32 20"]


def test_a_file_without_weights_is_refused(tmp_path: Path):
    path = tmp_path / "x.caffemodel"
    path.write_bytes(b"\x0a\x03net")
    with pytest.raises(FileError, match="x.caffemodel: is no .caffemodel: it holds no layers"):
        contents_table(path)
