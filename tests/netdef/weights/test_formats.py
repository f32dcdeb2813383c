"""Which kind of file a path is, and what is no file of weights at all."""

import pytest
import torch

from netdef.errors import FileError
from netdef.schema.messages import LayerParameter
from netdef.weights import caffemodel, hdf5, safetensors
from netdef.weights.formats import format_to_read, format_to_write

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 240000000\n"


@pytest.mark.parametrize("module", [caffemodel, hdf5, safetensors])
@pytest.mark.parametrize("ending", [".caffemodel", ".h5", ".safetensors", ""])
def test_the_contents_decide(tmp_path, module, ending):
    path = tmp_path / f"x{ending}"
    module.write(path, "n", [(LayerParameter(name="ip"), [torch.ones(3)])])
    if module is caffemodel and ending == ".h5":
        with pytest.raises(FileError, match="is named as an HDF5 file and does not begin as one"):
            format_to_read(path)
    elif module is caffemodel and ending == ".safetensors":
        assert format_to_read(path) is safetensors  # which will say what is wrong with it
    else:
        assert format_to_read(path) is module


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (LFS, "is a Git LFS pointer, not the weights themselves; fetch them with `git lfs pull`"),
        (b"\n<!DOCTYPE html>\n<html><head>", "is a web page, not the weights; the download went wrong"),
        (b'<?xml version="1.0"?><html>', "is a web page"),
        ('name: "LeNet"  # caf\u00e9\nlayer {\n'.encode(), "is text, not weights; is it the prototxt?"),
        (b"", "is empty"),
        (b"PK\x03\x04\x00\x00", "is a zip archive .torch.save makes such files.; give a .caffemodel, .h5, .hdf5 or"),
    ],
)
def test_no_weights(tmp_path, contents, message):
    path = tmp_path / "x.caffemodel"
    path.write_bytes(contents)
    with pytest.raises(FileError, match=f"^{path}: {message}"):
        format_to_read(path)


def test_no_file(tmp_path):
    with pytest.raises(FileError, match="is a folder; a file of weights is wanted"):
        format_to_read(tmp_path)
    with pytest.raises(FileError, match="none.caffemodel: cannot be read: No such file or directory"):
        format_to_read(tmp_path / "none.caffemodel")


def test_endings_to_write():
    assert format_to_write("a.b.caffemodel") is caffemodel
    assert format_to_write("a.caffemodel.h5") is format_to_write("a.hdf5") is hdf5
    assert format_to_write("a.safetensors") is safetensors
    with pytest.raises(FileError, match="^a.pth: a file of weights ends in .caffemodel, .h5, .hdf5 or .safetensors$"):
        format_to_write("a.pth")
