"""Lists in any encoding and with any line ends."""

from __future__ import annotations

from pathlib import Path

import h5py
import pytest

from netdef.data.text_lines import locate, read_lines, spellings
from netdef.errors import FileError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_any_encoding_and_end_are_read(tmp_path: Path, encoding: str, end: str):
    text = end.join(["é a.png", "", " \t ", "\tb\u2028.png  ", "c"])
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    (tmp_path / "list").write_bytes(mark + text.encode(encoding))
    assert [*map(tuple, read_lines(tmp_path / "list"))] == [(1, "é a.png"), (4, "b\u2028.png"), (5, "c")]


def test_bytes_that_are_no_text_are_kept(tmp_path: Path):
    (tmp_path / "list").write_bytes(b"caf\xe9.png\n")
    ((_, name),) = read_lines(tmp_path / "list")
    (tmp_path / name).touch()
    assert locate(name, [tmp_path], tmp_path / "list") == tmp_path / name


def test_files_that_are_no_lists_are_refused(tmp_path: Path):
    h5py.File(tmp_path / "x.h5", "w").close()
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "x.mdb").write_bytes(b"\0\0\0")
    for name, kind in (("x.h5", "an HDF5 file"), ("x.png", "an image"), ("x.mdb", "no text")):
        with pytest.raises(FileError, match=f"{name}: is {kind}, and a list of files is wanted, one a line$"):
            read_lines(tmp_path / name)
    for name, said in ((".", "Is a directory"), ("nothing", "No such file or directory")):
        with pytest.raises(FileError, match=said):
            read_lines(tmp_path / name)


def test_backslashes_are_slashes_where_no_file_has_them(tmp_path: Path):
    assert spellings("a/b.png") == ["a/b.png"] and spellings("a\\b.png") == ["a\\b.png", "a/b.png"]
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.png").touch()
    assert locate("a\\b.png", [Path("nowhere"), tmp_path], Path("list")) == tmp_path / "a" / "b.png"
    (tmp_path / "a\\b.png").touch()
    assert locate("a\\b.png", [Path("nowhere"), tmp_path], Path("list")) == tmp_path / "a\\b.png"


def test_a_missing_file_is_reported_with_all_places(tmp_path: Path):
    with pytest.raises(FileError) as caught:
        locate("D:\\new\n.png", [tmp_path, Path("here")], Path("list.txt"), "; a hint")
    assert str(caught.value) == (
        r"list.txt: lists `D:\new\n.png`, and there is no file "
        rf"{tmp_path}/D:\new\n.png or here/D:\new\n.png or {tmp_path}/D:/new\n.png or here/D:/new\n.png; a hint")
