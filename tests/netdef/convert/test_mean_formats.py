"""Mean images in both formats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netdef.convert.mean_formats import convert_mean, read_mean_image
from netdef.data.images.mean_file import write_mean
from netdef.errors import FileError, NetdefError


def test_means_are_converted_to_both_formats(tmp_path):
    mean = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    write_mean(tmp_path / "m.binaryproto", mean)
    assert np.array_equal(convert_mean(tmp_path / "m.binaryproto", tmp_path / "m.npy"), mean)
    assert np.array_equal(np.load(tmp_path / "m.npy"), mean)
    convert_mean(tmp_path / "m.npy", tmp_path / "again.binaryproto")
    assert (tmp_path / "again.binaryproto").read_bytes() == (tmp_path / "m.binaryproto").read_bytes()
    with pytest.raises(NetdefError, match="m.png: a mean image becomes .npy or .binaryproto"):
        convert_mean(tmp_path / "m.npy", tmp_path / "m.png")


def test_a_batch_of_one_is_an_image(tmp_path):
    np.save(tmp_path / "m.npy", np.ones((1, 2, 3, 4)))
    assert read_mean_image(tmp_path / "m.npy").shape == (2, 3, 4)


@pytest.mark.parametrize(("name", "content", "said"), [
    ("m.binaryproto", b"\x01\x02", "is no mean image, or a damaged one"),
    ("m.npy", b"\x01\x02", "is no mean image, or a damaged one"),
    ("none.npy", None, "cannot be read: No such file"),
])
def test_other_files_are_refused(tmp_path, name, content, said):
    if content is not None:
        Path(tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=f"{name}: {said}"):
        read_mean_image(tmp_path / name)


def test_other_shapes_are_refused(tmp_path):
    np.save(tmp_path / "m.npy", np.ones((2, 3)))
    with pytest.raises(FileError, match=r"its shape is \(2, 3\), not \(channels, height, width\)"):
        read_mean_image(tmp_path / "m.npy")
