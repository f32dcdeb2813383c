"""ImageOutput: texts of images and labels."""

from __future__ import annotations

import pytest
import torch

import netdef

TEXT = """input: "x" input_shape { dim: 2 dim: 1 dim: 2 dim: 3 } input: "t" input_shape { dim: 2 }
layer { name: "o" type: "ImageOutput" bottom: "x" bottom: "t" }"""


def test_each_pass_has_its_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "image_out").mkdir()
    net = netdef.loads(TEXT)
    x = torch.tensor([0.5, -1, 1 / 3, 2e-7, 1234567.75, 6]).repeat(2).reshape(2, 1, 2, 3)
    for _ in range(2):
        net(x=x, t=torch.tensor([3.0, 10]))
    names = [f"iter_00000{i}_{rest}.txt" for i in (0, 1) for rest in ("idx_000_image", "idx_001_image", "label")]
    assert sorted(path.name for path in (tmp_path / "image_out").iterdir()) == names
    assert (tmp_path / "image_out" / names[4]).read_text() == "0.5 -1 0.33333334\n2e-07 1234567.8 6\n"
    assert (tmp_path / "image_out" / names[5]).read_text() == "3\n10\n"


def test_a_folder_that_is_missing_is_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(netdef.FileError, match=r"iter_000000_idx_000_image.txt: layer `o` cannot write it"):
        netdef.loads(TEXT)(x=torch.zeros(2, 1, 2, 3), t=torch.zeros(2))
