"""A conversion from end to end: the files appear when they are complete and proven."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import netdef
from netdef.convert.options import VerifyOptions
from netdef.convert.write import Verification, convert, write_definition
from netdef.definition.read import read_net
from netdef.errors import FileError


def test_the_result_is_compared_with_the_source(net, x):
    made = convert(net, net, "out.py", "net.prototxt", Verification({"a batch": {"data": x}}, every_blob=True))
    assert made.files == (Path("out.py"), Path("out.safetensors")) and not made.differs and made.notice is None
    assert [difference.blob for difference in made.numbers["a batch"]] == ["data", "c", "ip", "prob"]
    assert all(difference.relative <= 1e-6 for difference in made.numbers["a batch"])


def test_no_file_is_written_if_outputs_differ(net, x):
    other = netdef.load("net.prototxt")  # of other weights
    made = convert(net, other, "out.pt", "net.prototxt", Verification({"a batch": {"data": x}}, tolerance=1e-3))
    assert made.differs and made.files == ()
    assert sorted(path.name for path in Path().iterdir()) == ["net.prototxt", "w.caffemodel"]


def test_without_verification_nothing_is_run(net):
    made = convert(net, net, "out.caffemodel", "net.prototxt", None)
    assert made.numbers == {} and made.files == (Path("out.caffemodel"),)


def test_a_missing_folder_is_refused(net):
    with pytest.raises(FileError, match="^no/out.pt: cannot be written: No such file or directory$"):
        convert(net, net, "no/out.pt", "", None)


def test_options_become_a_verification(net):
    assert Verification.of(net, VerifyOptions(verify=False)) is None
    np.save("x.npy", np.ones((2, 3, 8, 7), np.float32))
    verification = Verification.of(net, VerifyOptions(input_file="x.npy", scale=0.5, tolerance=0.1, blobs=True, seed=3))
    assert verification is not None and list(verification.inputs) == ["random numbers", "x.npy"]
    assert (verification.tolerance, verification.every_blob) == (0.1, True)
    assert torch.equal(verification.inputs["x.npy"]["data"], torch.full((2, 3, 8, 7), 0.5))
    wanted = torch.randn(2, 3, 8, 7, generator=torch.Generator().manual_seed(3))
    assert torch.equal(verification.inputs["random numbers"]["data"], wanted)


def test_a_definition_is_written_with_its_comments(folder):
    net = read_net("net.prototxt")
    write_definition("plain.prototxt", net)
    write_definition("commented.prototxt", net, commented="net.prototxt")
    assert "#" not in Path("plain.prototxt").read_text() and "# first" in Path("commented.prototxt").read_text()
    assert read_net("plain.prototxt").message == read_net("commented.prototxt").message == net.message
