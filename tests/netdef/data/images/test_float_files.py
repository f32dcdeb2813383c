"""Files of floats: .float3 and .pfm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netdef.data.images.float_files import read_float3, read_pfm
from netdef.errors import FileError

VALUES = np.arange(24, dtype=np.float32).reshape(2, 3, 4) - 5.5


def test_float3(tmp_path: Path):
    (tmp_path / "x").write_bytes(b"float\n3\n4\n3\n2\n" + VALUES.tobytes())
    assert np.array_equal(read_float3(tmp_path / "x"), VALUES)
    (tmp_path / "y").write_bytes(b"float\n2\n4\n3\n" + VALUES[0].tobytes())
    assert np.array_equal(read_float3(tmp_path / "y"), VALUES[:1])


@pytest.mark.parametrize("scale, order", [(b"-1.0", "<f4"), (b"1", ">f4")])
@pytest.mark.parametrize("kind, channels", [(b"Pf", 1), (b"PF", 3)])
def test_pfm(tmp_path: Path, scale: bytes, order: str, kind: bytes, channels: int):
    values = np.arange(12 * channels, dtype=np.float32).reshape(3, 4, channels) / 8  # rows from below
    (tmp_path / "x").write_bytes(kind + b"\n4 3\n" + scale + b"\n" + values.astype(order).tobytes())
    assert np.array_equal(read_pfm(tmp_path / "x"), values[::-1].transpose(2, 0, 1))


@pytest.mark.parametrize("content", [b"", b"float\n3\n4\n3\n2\n1234", b"int\n2\n1\n1\n1234", b"float\n4\n1\n1\n1\n1\n1234",
                                     b"Pf\n4 3\n-1\n1234", b"P5\n1 1\n255\n1"])
def test_other_files_are_errors(tmp_path: Path, content: bytes):
    (tmp_path / "x").write_bytes(content)
    for read, said in ((read_float3, "no file of floats"), (read_pfm, "no portable float map")):
        with pytest.raises(FileError, match=said):
            read(tmp_path / "x")
        with pytest.raises(FileError, match="No such file"):
            read(tmp_path / "none")
