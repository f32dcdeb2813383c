"""The format of a weight file, and files that are none."""

import pytest
import torch

from netdef.errors import FileError
from netdef.schema.messages import LayerParameter
from netdef.weights import caffemodel, hdf5, safetensors
from netdef.weights.formats import CAFFEMODEL, HDF5, PT, SAFETENSORS, format_to_read, format_to_write, read_layers

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 240000000\n"


@pytest.mark.parametrize(("module", "wanted"), [(caffemodel, CAFFEMODEL), (hdf5, HDF5), (safetensors, SAFETENSORS)])
@pytest.mark.parametrize("ending", [".caffemodel", ".h5", ".safetensors", ".pt", ""])
def test_contents_decide_the_format(tmp_path, module, wanted, ending):
    path = tmp_path / f"x{ending}"
    module.write(path, "n", [(LayerParameter(name="ip"), [torch.ones(3)])])
    if module is caffemodel and ending == ".h5":
        with pytest.raises(FileError, match="is named as an HDF5 file and does not begin as one"):
            format_to_read(path)
    elif module is caffemodel and ending in (".safetensors", ".pt"):
        assert format_to_read(path) is {".safetensors": SAFETENSORS, ".pt": PT}[ending]  # whose reader complains
    else:
        assert format_to_read(path) is wanted


@pytest.mark.parametrize("ending", [".caffemodel", ".pt", ""])
@pytest.mark.parametrize("zipped", [True, False])
def test_contents_decide_that_a_file_is_of_torch(tmp_path, ending, zipped):
    path = tmp_path / f"x{ending}"
    torch.save({"ip.weight": torch.ones(3)}, path, _use_new_zipfile_serialization=zipped)
    assert format_to_read(path) is PT
    with read_layers(path) as layers:
        assert layers == []


@pytest.mark.parametrize(("start", "kind"), [(b"\x1f\x8b\x08", "gzip"), (b"BZh91", "bzip2"), (b"\xfd7zXZ\0", "xz")])
@pytest.mark.parametrize("ending", [".caffemodel", ".h5", ".pt", ""])
def test_a_compressed_file_is_refused_with_its_compression(tmp_path, start, kind, ending):
    path = tmp_path / f"x{ending}"
    path.write_bytes(start + bytes(range(256)))
    with pytest.raises(FileError, match=f"x{ending}: is compressed with {kind}, not a file of weights; unpack it"):
        format_to_read(path)


def test_a_safetensors_may_begin_as_a_pickle_does(tmp_path):
    """The first byte is the length of the header, modulo 256: 0x80 begins a pickle, too."""
    path = tmp_path / "x.safetensors"
    for length in range(200):
        safetensors.write_tensors(path, {"a" * length: torch.ones(3)}, {"net": "n"})
        if path.read_bytes()[:1] == b"\x80":
            break
    assert path.read_bytes()[:1] == b"\x80" and format_to_read(path) is SAFETENSORS


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (LFS, "is a Git LFS pointer, not a file of weights; fetch the file itself with `git lfs pull`"),
        (b"\n<!DOCTYPE html>\n<html><head>", "is a web page, not a file of weights; the download went wrong"),
        (b'<?xml version="1.0"?><html>', "is a web page"),
        ('name: "LeNet"  # caf\u00e9\nlayer {\n'.encode(), "is text, not weights; is it the prototxt?"),
        (b"", "is empty"),
    ],
)
def test_files_that_are_no_weights_are_refused(tmp_path, contents, message):
    path = tmp_path / "x.caffemodel"
    path.write_bytes(contents)
    with pytest.raises(FileError, match=f"^{path}: {message}"):
        format_to_read(path)


def test_folders_and_missing_files_are_refused(tmp_path):
    with pytest.raises(FileError, match="is a folder; a file of weights is wanted"):
        format_to_read(tmp_path)
    with pytest.raises(FileError, match="none.caffemodel: cannot be read: No such file or directory"):
        format_to_read(tmp_path / "none.caffemodel")


def test_the_ending_decides_the_format_to_write():
    assert format_to_write("a.b.caffemodel") is CAFFEMODEL
    assert format_to_write("a.caffemodel.h5") is format_to_write("a.hdf5") is HDF5
    assert format_to_write("a.safetensors") is SAFETENSORS
    assert format_to_write("a.pt") is format_to_write("a.pth") is PT
    endings = ".caffemodel, .h5, .hdf5, .safetensors, .pt or .pth"
    with pytest.raises(FileError, match=f"^a.onnx: a file of weights ends in {endings}$"):
        format_to_write("a.onnx")
