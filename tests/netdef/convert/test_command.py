"""Conversions of files, and their printed tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console

import netdef
from netdef.convert.command import convert_model, text_beside
from netdef.convert.options import ChangeOptions, Files, OpenOptions, VerifyOptions
from netdef.convert.verify import DiffersError
from netdef.errors import FileError


@pytest.fixture
def run(folder):
    """``run(text, weights, out, changes, verification, force)``: the files written, and what was shown."""

    def convert(
        text: str | None, weights: list[str], out: str | None, changes: ChangeOptions = ChangeOptions(),  # noqa: B008
        verification: VerifyOptions = VerifyOptions(), force: bool = False,  # noqa: B008
    ) -> tuple[tuple[Path, ...], str]:
        screen = Console(width=120)
        with screen.capture() as capture:
            files = convert_model(Files(text, weights, out), OpenOptions(), changes, verification, force, screen)
        return files, capture.get()

    return convert


def test_without_out_the_model_is_shown(run):
    files, shown = run("net.prototxt", ["w.caffemodel"], None)
    assert files == () and "small net: weights" in shown and "InnerProduct" in shown


def test_an_old_text_is_rewritten_beside_caffe_weights(run):
    files, shown = run("net.prototxt", ["w.caffemodel"], "new.caffemodel.h5")
    assert files == (Path("new.caffemodel.h5"), Path("new.prototxt")) and "same" in shown
    files, _ = run("new.prototxt", ["new.caffemodel.h5"], "other.caffemodel")
    assert files == (Path("other.caffemodel"),)  # the text still holds
    files, _ = run("new.prototxt", ["other.caffemodel"], "masked.caffemodel", ChangeOptions(add_masks=True, sparsity=0.5))
    assert files == (Path("masked.caffemodel"), Path("masked.prototxt"))
    assert list(netdef.load("masked.prototxt").masks) == ["ip_mask"]
    assert text_beside("a.pt") is None and text_beside("a.caffemodel.h5") == Path("a.prototxt")


def test_existing_files_are_refused_first(run):
    Path("new.prototxt").write_text("mine")
    with pytest.raises(FileError, match="new.prototxt: already exists; --force replaces it"):
        run("net.prototxt", ["w.caffemodel"], "new.caffemodel")
    assert not Path("new.caffemodel").exists()
    files, _ = run("net.prototxt", ["w.caffemodel"], "new.caffemodel", force=True)
    assert Path("new.prototxt") in files
    Path("mine.safetensors").write_text("mine")
    with pytest.raises(FileError, match="mine.safetensors: already exists"):
        run("net.prototxt", ["none.caffemodel"], "mine.py")


def test_a_recorded_reference_is_compared(run, net, x):
    np.savez("ref.npz", input=x.numpy(), prob=net(x)["prob"].detach().numpy())
    _, shown = run("net.prototxt", ["w.caffemodel"], None, verification=VerifyOptions(reference="ref.npz"))
    assert "ref.npz" in shown and "same" in shown
    with pytest.raises(DiffersError, match="net.prototxt differs from ref.npz by more than 0.0001 of a blob's range"):
        run("net.prototxt", ["w.caffemodel"], None, verification=VerifyOptions(reference="ref.npz", scale=3))


def test_a_result_that_differs_is_an_error(run, monkeypatch):
    monkeypatch.setattr("netdef.weights.pt.state_dict", lambda net: {
        f"{layer}.{name}": torch.zeros_like(blob) for layer, blobs in net.params.items()
        for name, blob in zip(("weight", "bias"), blobs)})
    with pytest.raises(DiffersError, match="out.pt differs from net.prototxt and w.caffemodel by more than .* nothing is"):
        run("net.prototxt", ["w.caffemodel"], "out.pt")
    assert not Path("out.pt").exists()
