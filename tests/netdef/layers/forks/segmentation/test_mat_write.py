"""MatWrite: MAT-files by their published layout, and their names."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import FileError, SpecError


def read_mat(path: Path) -> np.ndarray:
    """The variable ``data`` of a file: elements of a type, a size, and bytes up to a multiple of 8, after 128 bytes of header."""
    data = path.read_bytes()
    assert data.startswith(b"MATLAB 5.0 MAT-file") and data[124:128] == b"\0\1IM"
    kind, size = struct.unpack_from("<2I", data, 128)
    assert kind == 14 and len(data) == 136 + size
    elements, place = [], 136
    while place < len(data):
        kind, size = struct.unpack_from("<2I", data, place)
        elements.append((kind, data[place + 8 : place + 8 + size]))
        place += 8 + -(-size // 8) * 8
    assert [kind for kind, _ in elements] == [6, 5, 1, 7] and elements[0][1][:4] == struct.pack("<I", 7)
    assert elements[2][1] == b"data"
    return np.frombuffer(elements[3][1], "<f4").reshape(np.frombuffer(elements[1][1], "<i4"), order="F")


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_every_so_many_passes_are_written(phase):
    a, b = draw(2, 3, 5, 4), draw(3, 2)
    net = one_layer("MatWrite", 'mat_write_param { prefix: "f_" period: 2 }', phase, tops=0, a=a, b=b)
    assert not list(Path().iterdir())
    for factor in range(1, 4):
        net(a=a * factor, b=b * factor)
    assert sorted(path.name for path in Path().iterdir()) == [f"f_iter_{n}_blob_{i}.mat" for n in (0, 2) for i in (0, 1)]
    assert np.array_equal(read_mat(Path("f_iter_2_blob_0.mat")), (3 * a).float().numpy().transpose(3, 2, 1, 0))
    assert np.array_equal(read_mat(Path("f_iter_0_blob_1.mat"))[..., 0, 0], b.float().numpy().T)


def test_names_of_a_list():
    Path("list.txt").write_text("/one.jpg 3\n\n/two.jpg 4\n")
    Path("out").mkdir()
    net = one_layer("MatWrite", 'mat_write_param { prefix: "out" source: "list.txt" strip: 4 }', tops=0, x=(1, 2, 3, 4))
    for _ in range(2):
        net(x=torch.zeros(1, 2, 3, 4))
    assert sorted(path.name for path in Path("out").iterdir()) == ["one_blob_0.mat", "two_blob_0.mat"]
    with pytest.raises(FileError, match="`l` has written a file for each of the 2 lines of its list"):
        net(x=torch.zeros(1, 2, 3, 4))


def test_refusals():
    with pytest.raises(SpecError, match="has `period` 0; it must be at least 1"):
        one_layer("MatWrite", "mat_write_param { period: 0 }", tops=0, x=(1, 2, 3, 4))
    net = one_layer("MatWrite", 'mat_write_param { prefix: "no/f" }', tops=0, x=(1, 2, 3, 4))
    with pytest.raises(FileError, match="^no/fiter_0_blob_0.mat: layer `l` cannot write it"):
        net(x=torch.zeros(1, 2, 3, 4))


@pytest.mark.parametrize("contents", [None, "/bild/\u00fc.jpg 3".encode("latin-1")], ids=["folder", "not UTF-8"])
def test_a_list_that_cannot_be_read_is_refused(contents):
    if contents is None:
        Path("list.txt").mkdir()
    else:
        Path("list.txt").write_bytes(contents)
    with pytest.raises(SpecError, match="^<text>:.*: layer `l` .MatWrite. cannot read its list .*list.txt: ") as caught:
        one_layer("MatWrite", 'mat_write_param { source: "list.txt" }', tops=0, x=(1, 2, 3, 4))
    assert caught.value.problems[0].span.text == 'source: "list.txt"'
