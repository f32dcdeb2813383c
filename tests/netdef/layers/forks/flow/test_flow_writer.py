"""FLOWriter: files that a reader of the Middlebury format understands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import FileError, SpecError


def read_flo(path: Path) -> np.ndarray:
    """(H, W, 2) of a file: the number 202021.25, width and height as 32-bit integers, then x and y of each pixel."""
    data = path.read_bytes()
    width, height = np.frombuffer(data, "<i4", 2, 4)
    assert np.frombuffer(data, "<f4", 1)[0] == 202021.25 and len(data) == 12 + 8 * width * height
    return np.frombuffer(data, "<f4", offset=12).reshape(height, width, 2)


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_each_item_of_each_pass_is_a_file(phase):
    flow = draw(2, 2, 3, 5)
    net = one_layer("FLOWriter", 'writer_param { folder: "out/flows" prefix: "pred-" suffix: "_x" }', phase, tops=0, x=flow)
    assert not Path("out").exists()
    net(x=flow)
    net(x=2 * flow)
    names = [f"pred-000000{n}({i:03})_x.flo" for n in range(2) for i in range(2)]
    assert sorted(path.name for path in Path("out/flows").iterdir()) == names
    for factor, item, name in zip((1, 1, 2, 2), (0, 1, 0, 1), names):
        assert np.array_equal(read_flo(Path("out/flows", name)), (factor * flow[item]).float().permute(1, 2, 0).numpy())


def test_one_item_has_no_number_and_a_file_may_be_named():
    flow = draw(1, 2, 3, 5)
    one_layer("FLOWriter", 'writer_param { prefix: "flow" }', tops=0, x=flow)(x=flow)
    one_layer("FLOWriter", 'writer_param { file: "here.flo" }', tops=0, x=flow)(x=flow)
    assert sorted(path.name for path in Path().iterdir()) == ["flow0000000.flo", "here.flo"]


def test_refusals():
    with pytest.raises(SpecError, match=r"writes flow of shape \(N, 2, H, W\); `x` has shape \(1, 3, 4, 5\)"):
        one_layer("FLOWriter", tops=0, x=(1, 3, 4, 5))
    Path("taken").write_text("")
    net = one_layer("FLOWriter", 'writer_param { folder: "taken" }', tops=0, x=(1, 2, 3, 5))
    with pytest.raises(FileError, match="layer `l` cannot write it"):
        net(x=torch.zeros(1, 2, 3, 5))
