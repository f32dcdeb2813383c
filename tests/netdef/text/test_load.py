"""Text files, and other files."""

import pytest

from netdef.errors import FileError, SpecError
from netdef.text.load import load_source
from netdef.text.parse import parse


@pytest.mark.parametrize(
    "data", [b"name: 'x'\n", b"\xef\xbb\xbfname: 'x'\n", b"# caf\xe9 in latin-1\nname: 'x'\n", b""]
)
def test_texts_in_several_encodings_are_read(tmp_path, data):
    path = tmp_path / "net.prototxt"
    path.write_bytes(data)
    source = load_source(path)
    assert source.name == str(path)
    assert len(parse(source).fields) == (1 if data else 0)


@pytest.mark.parametrize(
    "data, said",
    [
        ("name: 'x'\n".encode("utf-16"), "is text in UTF-16; save it as UTF-8"),
        ("name: 'x'\n".encode("utf-16-le"), "is text in UTF-16; save it as UTF-8"),
        ("name: 'x'\n".encode("utf-16-be"), "is text in UTF-16; save it as UTF-8"),
        (b"name: 'x'\n\0\0\0", "is not text: byte 10 is 0x00"),
        (b"\n\x05LeNet\xa2\x06\x1d\n\x05conv1\0\0\0\0\0\0\0\0\0\0\0\0", "is not text: byte 1 is 0x05"),
        (b"\x89HDF\r\n\x1a\n", "is an HDF5 file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a Git LFS pointer"),
        (b"\n<!DOCTYPE html><html>", "is a web page"),
    ],
)
def test_files_that_are_no_text_are_refused_by_what_they_are(tmp_path, data, said):
    path = tmp_path / "net.prototxt"
    path.write_bytes(data)
    with pytest.raises(FileError) as caught:
        load_source(path)
    assert str(caught.value).startswith(f"{path}: {said}")


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(FileError, match="cannot be read: No such file"):
        load_source(tmp_path / "missing.prototxt")
    with pytest.raises(FileError, match="cannot be read: Is a directory"):
        load_source(tmp_path)


def test_a_string_in_another_encoding_is_a_problem_with_a_place(tmp_path):
    path = tmp_path / "net.prototxt"
    path.write_bytes(b"name: 'caf\xe9'\n")
    with pytest.raises(SpecError, match=r":1:7: the string holds bytes that are not UTF-8"):
        parse(load_source(path))


@pytest.mark.parametrize("text", ['name: "x"\nlayer { }', 'layer { name: "a" }'])
def test_a_text_in_place_of_a_path_is_told(text):
    with pytest.raises(FileError, match="^a text is given where the path of a file is wanted; `netdef.loads` takes a text$"):
        load_source(text)
