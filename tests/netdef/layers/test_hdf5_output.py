"""HDF5Output: batch after batch into a file."""

from __future__ import annotations

import subprocess
import sys

import h5py
import numpy as np
import pytest
import torch
from oracle import shared

import netdef
from netdef.errors import FileError, SpecError


def build(file_name: str, data: str = "dim: 2 dim: 3", label: str = "dim: 2") -> torch.nn.Module:
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" top: "t" input_param {{ shape {{ {data} }} '
                        f'shape {{ {label} }} }} }} layer {{ name: "l" type: "HDF5Output" bottom: "x" bottom: "t" '
                        f'hdf5_output_param {{ file_name: "{file_name}" }} }}')


def test_batches_follow_each_other_in_their_own_shape(tmp_path):
    path = tmp_path / "out.h5"
    net = build(str(path))
    assert not path.exists()
    x = torch.arange(12.0).reshape(4, 3)
    for _ in range(2):  # a further run of a new net starts anew
        net(x=x[:2].requires_grad_(), t=torch.tensor([0, 1]))
        net(x=x[2:3], t=torch.tensor([2]))
        net(x=x[3:3], t=torch.tensor([]))
        with h5py.File(path) as file:
            assert set(file) == {"data", "label"}
            np.testing.assert_array_equal(file["data"], x[:3].detach())
            np.testing.assert_array_equal(file["label"], [0, 1, 2])
            assert file["data"].dtype == np.float32
        net = build(str(path))


def test_one_batch_matches_the_originals_file(tmp_path, monkeypatch):
    """But for axes: its data sets have four."""
    folder = shared("golden/data")
    monkeypatch.chdir(folder)
    text = (folder / "hdf5_output/net.prototxt").read_text().replace("hdf5_output/out.h5", str(tmp_path / "out.h5"))
    net = netdef.loads(text)
    net(**next(net.feeds))
    with h5py.File(tmp_path / "out.h5") as ours, h5py.File(folder / "hdf5_output/out.h5") as theirs:
        assert set(ours) == set(theirs)
        for name, values in theirs.items():
            np.testing.assert_array_equal(ours[name], values[:].reshape(ours[name].shape))
            assert ours[name].dtype == values.dtype and values.shape[: ours[name].ndim] == ours[name].shape


def test_written_files_can_be_fed(tmp_path):
    build(str(tmp_path / "out.h5"))(x=torch.tensor([[1.0, 2, 3], [4, 5, 6]]), t=torch.tensor([7.0, 8]))
    (tmp_path / "list.txt").write_text("out.h5\n")
    net = netdef.loads('layer { name: "d" type: "HDF5Data" top: "data" top: "label" '
                       'hdf5_data_param { source: "list.txt" batch_size: 2 } }', base_dir=tmp_path)
    batch = next(net.feeds)
    assert batch["data"].tolist() == [[1, 2, 3], [4, 5, 6]] and batch["label"].tolist() == [7, 8]


def test_write_errors_are_reported(tmp_path):
    with pytest.raises(SpecError, match="needs a `file_name`"):
        build("")
    with pytest.raises(SpecError, match=r"at least 1 axis; `t` has shape \(\)"):
        build("out.h5", label="")
    with pytest.raises(FileError, match="nowhere/out.h5: layer `l` cannot write it"):
        build(str(tmp_path / "nowhere" / "out.h5"))(x=torch.ones(2, 3), t=torch.ones(2))
    net = build(str(tmp_path / "out.h5"))
    net(x=torch.ones(2, 3), t=torch.ones(2))
    with pytest.raises(FileError, match=r"`data` has items of shape \(3,\); the next batch has \(4,\)"):
        net(x=torch.ones(2, 4), t=torch.ones(2))


def test_compiler_skips_the_layer_and_is_not_loaded_by_it(tmp_path):
    net = torch.compile(build(str(tmp_path / "out.h5")), backend="eager")
    for i in range(2):
        net(x=torch.full((2, 3), i + 0.5), t=torch.ones(2))
    with h5py.File(tmp_path / "out.h5") as file:
        assert file["data"][:, 0].tolist() == [0.5, 0.5, 1.5, 1.5]
    loads = "import sys, netdef.layers.catalogue; sys.exit('torch._dynamo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loads]).returncode == 0
