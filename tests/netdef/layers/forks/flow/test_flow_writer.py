"""FLOWriter: files that a reader of the Middlebury format understands. FloatWriter, PFMWriter and ImgWriter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer
from PIL import Image

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


def test_floats_and_maps():
    x = draw(2, 3, 4, 5).float().double()
    one_layer("FloatWriter", 'writer_param { prefix: "x" }', tops=0, x=x)(x=x)
    header, data = b"float\n3\n5\n4\n3\n", Path("x0000000(001).float3").read_bytes()
    assert data.startswith(header)
    assert np.array_equal(np.frombuffer(data[len(header) :], np.float32).reshape(3, 4, 5), x[1].float().numpy())
    for channels, kind in ((1, b"Pf"), (3, b"PF")):
        one_layer("PFMWriter", 'writer_param { file: "y.pfm" }', tops=0, x=x[:1, :channels])(x=x[:1, :channels])
        name, size, scale, data = Path("y.pfm").read_bytes().split(b"\n", 3)
        assert (name, size, float(scale)) == (kind, b"5 4", -1)
        rows = np.frombuffer(data, "<f4").reshape(4, 5, channels)[::-1]  # the last row is first in the file
        assert np.array_equal(rows, -x[0, :channels].permute(1, 2, 0).float().numpy())


def test_images():
    x = torch.tensor([[[0.0, 50.6, 300]], [[-7, 1, 2]], [[3, 4, 5]]]).double()[None]  # blue, green, red
    one_layer("ImgWriter", 'writer_param { file: "x.ppm" }', tops=0, x=x)(x=x)
    assert np.asarray(Image.open("x.ppm")).tolist() == [[[3, 0, 0], [4, 1, 50], [5, 2, 255]]]
    grey = x[:, :1]
    one_layer("ImgWriter", 'writer_param { scale: 0.5 }', tops=0, x=grey)(x=grey)
    assert np.asarray(Image.open("0000000.pgm")).tolist() == [[0, 25, 150]]
    one_layer("ImgWriter", 'writer_param { file: "x.pgm" normalize: true }', tops=0, x=grey)(x=grey)
    assert np.asarray(Image.open("x.pgm")).tolist() == [[0, 43, 255]]
    with pytest.raises(SpecError, match=r"writes images of shape \(N, 1 or 3, H, W\)"):
        one_layer("ImgWriter", tops=0, x=(1, 2, 4, 5))
