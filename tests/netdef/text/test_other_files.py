"""Files and texts that are given as a prototxt and are something else."""

from pathlib import Path

import pytest

from netdef.api import load, loads
from netdef.definition.read import read_solver_text
from netdef.errors import FileError
from netdef.text.other_files import binary_kind, text_kind

TEXTS = {
    "a web page": [
        '<?xml version="1.0"?><html>',
        "<!DOCTYPE html>\n<html>", "\n\n<HTML lang='en'>", "<!-- saved from x -->\n<!doctype html>", "\ufeff<head><title>"],
    "an XML file": ['<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>'],
    "what a web server answers": ["404: Not Found", "Not Found\n", "Moved Permanently. Redirecting to x", "Access Denied"],
    "JSON": ['{"name": "LeNet"}', '[{"layer": 1}]', "{}", '["conv1"]'],
    "Python code": ["# a net\nimport caffe\n", "from caffe import layers as L, params as P\n", "#!/usr/bin/env python\nprint(1)"],
    "a .cfg file of sections, as Darknet's nets are": ["[net]\nbatch=64\n", "# yolo\n[net]"],
    "a log": ["Log file created at: 2015/01/01", "I0708 11:32:03.563491  6 caffe.cpp:113] Use GPU"],
    "a list of files and labels": ["images/1.jpg 0\nimages/2.jpg 1\n", "a.png -1\r\n", "x.jpg 3 4 5"],
    "a path": ["models/lenet/deploy.prototxt"],
}
NETS = [
    "", "# nothing\n", 'name: "x"', "name: 'a.jpg 0'\n", "layer { }", "layers: [ { } ]", "input: 'data' input_dim: 1",
    "# <html>\nname: 'x'", "import_ { }", "from: 3", "< name: 'x' >", "[ name",
]


@pytest.mark.parametrize("words, text", [(words, text) for words, texts in TEXTS.items() for text in texts])
def test_a_text_of_another_kind_is_named(words: str, text: str):
    with pytest.raises(FileError) as caught:
        loads(text)
    assert str(caught.value).startswith(f"<text>: is {words}, not a prototxt")
    with pytest.raises(FileError):
        read_solver_text(text)


@pytest.mark.parametrize("text", NETS)
def test_a_text_that_may_be_a_net_is_parsed(text: str):
    assert text_kind(text) is None


def test_weights_given_as_a_net_are_named_with_the_commands_that_take_them(tmp_path: Path):
    path = tmp_path / "lenet.caffemodel"
    path.write_bytes(b"\n\x05LeNet\xa2\x06\x07\n\x05conv1")
    with pytest.raises(FileError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}: is a file of weights, not a prototxt; `dsd-convert FILE` lists what it holds, and `--weights` "
        "takes it beside the prototxt of its net")


@pytest.mark.parametrize("path, data, words", [
    ("net", b"PK\x03\x04\0", "a zip archive, or weights as torch saves them"),
    ("w.npz", b"PK\x03\x04" + bytes(26) + b"conv1.npy\x14\0", "an archive of numpy arrays"),
    ("w", b"\x93NUMPY\x01\0", "an array of numpy"),
    ("net.gz", b"\x1f\x8b\x08", "compressed with gzip"),
    ("net.prototxt", b"\x89PNG\r\n\x1a\n", "an image"),
    ("w", (57).to_bytes(8, "little") + b'{"conv1.weight": ', "a file of weights (.safetensors)"),
    ("data.mdb", bytes(16), "an LMDB database"),
])
def test_data_is_named_by_its_beginning_or_the_ending_of_its_path(path: str, data: bytes, words: str):
    kind = binary_kind(path, data)
    assert kind is not None and kind[0] == words


def test_other_data_have_no_name():
    assert binary_kind("net.prototxt", bytes(16)) is None
