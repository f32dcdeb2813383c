"""State dicts of torch as files: written, read back, and refused when they are damaged."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch
from torch.nn.utils.prune import l1_unstructured

import netdef
from netdef.errors import FileError
from netdef.weights.pt import read
from netdef.weights.state_dict import state_dict

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 5 } } }
layer { name: "mask" type: "Mask" top: "mask" mask_param { sparsity: 0.5 } }
layer { name: "ip" type: "InnerProduct" bottom: "data" bottom: "mask" top: "ip"
        inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
"""


@pytest.fixture
def net():
    torch.manual_seed(1)
    return netdef.loads(TEXT)


@pytest.mark.parametrize("ending", ["pt", "pth"])
def test_a_saved_net_is_a_state_dict_of_torch(net, tmp_path, ending):
    kept = torch.arange(15).reshape(3, 5) % 3 > 0
    net.masks["mask"].set(kept)
    netdef.save_weights(net, tmp_path / f"w.{ending}")
    linear = torch.nn.Linear(5, 3)
    found = torch.load(tmp_path / f"w.{ending}")
    linear.load_state_dict({name.removeprefix("ip."): value for name, value in found.items()})
    x = torch.rand(2, 5)
    torch.testing.assert_close(linear(x), net(x)["ip"])
    other = netdef.loads(TEXT, weights=tmp_path / f"w.{ending}")
    assert torch.equal(other.params["ip"][0], net.params["ip"][0] * kept)
    assert other.masks["mask"].kept is None


@pytest.mark.parametrize("wrap", [lambda state: state, lambda state: {"model": state, "epoch": 3},
                                  lambda state: {"model": {"state_dict": state}, "optimizer": {"lr": 0.1}}])
@pytest.mark.parametrize("masked", [True, False])
def test_a_pruned_module_of_torch_is_read_as_weight_and_mask(tmp_path, wrap, masked):
    module = torch.nn.Sequential()
    module.add_module("ip", torch.nn.Linear(5, 3))
    l1_unstructured(module.ip, "weight", amount=7)
    torch.save(wrap(module.state_dict()), tmp_path / "pruned.pt")
    text = TEXT if masked else "\n".join(line for line in TEXT.splitlines() if "Mask" not in line).replace(' bottom: "mask"', "")
    net = netdef.loads(text)
    report = netdef.load_weights(net, tmp_path / "pruned.pt")
    mask = module.ip.weight_mask.bool()
    assert int(mask.sum()) == 8
    if masked:
        assert torch.equal(net.masks["mask"].kept, mask) and torch.equal(net.params["ip"][0], module.ip.weight_orig)
        assert report.masks == ("mask",)
    else:
        assert torch.equal(net.params["ip"][0], module.ip.weight_orig * mask) and report.zeroed == ("ip",)
    x = torch.rand(2, 5)
    torch.testing.assert_close(net(x)["ip"], module(x))


class Evil:
    def __reduce__(self):
        return (eval, ("open('/tmp/executed', 'w')",))


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_nothing_in_a_file_is_executed(net, tmp_path):
    for name, content in (("evil.pt", pickle.dumps(Evil())), ("cut.pt", b"PK\x03\x04cut")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(netdef.FileError, match=f"{name}: cannot be read as a state dict of torch"):
            netdef.load_weights(net, tmp_path / name)
    torch.save([torch.ones(2)], tmp_path / "list.pt")
    with pytest.raises(netdef.FileError, match="is no state dict"):
        netdef.load_weights(net, tmp_path / "list.pt")


@pytest.mark.parametrize("name", ["old.pt", "old.safetensors"])
@pytest.mark.parametrize("content", [
    b"\x80\x02.",  # nothing on the stack to return
    b"\x80\x02X\xff",  # a string whose length is cut short
    b"\x80\x02h\x07.",  # a reference to nothing
    b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.",  # a tensor of no arguments
    b"\x80\x7f",
])
@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_a_damaged_pickle_is_refused_with_a_message(net, tmp_path, name, content):
    """The unpickler raises whatever the bytes lead it to; a name may make torch take it for a `.safetensors`."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(netdef.FileError, match=f"{name}: cannot be read as a state dict of torch: ."):
        netdef.load_weights(net, tmp_path / name)


def test_a_truncated_old_file_is_refused_with_a_message(net, tmp_path):
    """The files of torch before 1.6, which go on after the pickle."""
    path = tmp_path / "old.pt"
    torch.save(state_dict(net), path, _use_new_zipfile_serialization=False)
    whole = path.read_bytes()
    for length in range(1, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(netdef.FileError, match="old.pt: cannot be read"):
            netdef.load_weights(net, path)


class RunsCode:
    """An object whose pickle calls a function."""

    def __reduce__(self):
        return (print, ("run",))


def test_pickled_code_is_refused_in_plain_words(tmp_path, capsys):
    torch.save({"ip.weight": torch.ones(3), "x": RunsCode()}, tmp_path / "x.pt")
    with pytest.raises(FileError, match="objects besides tensors .print., which could run code when they are read; "
                                        "save `net.state_dict.*` alone$"):
        read(tmp_path / "x.pt").__enter__()
    assert capsys.readouterr().out == ""


def test_an_archive_of_numpy_is_named(tmp_path):
    np.savez(tmp_path / "x.npz", ip=np.ones(3))
    with pytest.raises(FileError, match="x.npz: is an archive of numpy arrays, not a file of weights; save them as a dictionary "
                                        "of tensors by torch.save$"):
        read(tmp_path / "x.npz").__enter__()


def test_an_archive_with_a_damaged_list_of_its_files_is_refused(net, tmp_path):
    path = tmp_path / "w.pt"
    netdef.save_weights(net, path)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"PK\x01\x02", b"PK\x00\x02"))  # the signature of each entry of the list
    with pytest.raises(FileError, match=r"w\.pt: cannot be read as a state dict of torch: "):
        read(path).__enter__()
