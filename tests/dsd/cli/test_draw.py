"""dsd-draw: its outputs and its errors."""

from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path

import pytest
from commands import output_of
from toys import toy

from dsd.cli.draw import main

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")

NET = """
name: "small"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 5 dim: 3 dim: 8 dim: 9 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.5 } }
layer { name: "ip" type: "InnerProduct" bottom: "conv" bottom: "m" top: "ip" inner_product_param { num_output: 10 } }
layer { name: "drop" type: "Dropout" bottom: "ip" top: "drop" include { phase: TRAIN } }
"""


@pytest.fixture
def net(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.prototxt").write_text(NET)
    return tmp_path / "net.prototxt"


run = partial(output_of, main)


def test_mermaid_goes_to_the_screen_or_a_file(net):
    shown = run(net)
    assert shown.startswith('---\ntitle: "small, TRAIN"\n') and "\nflowchart TB\n" in shown
    # (8 - 2) * (9 - 2) * 4 = 168 inputs
    assert '  n2 -.->|"10×168"| n3\n' in shown and '["<b>drop</b><br/>Dropout<br/>dropout_ratio 0.5"]' in shown
    assert run(net, "-") == shown
    assert run(net, "net.mmd") == "net.mmd: small, TRAIN\n"
    run(net, "net.md")
    assert Path("net.mmd").read_text() == shown and Path("net.md").read_text() == f"```mermaid\n{shown}```\n"


def test_phase_and_direction_are_followed(net):
    shown = run(net, "--phase=TEST", "-rankdir", "LR")
    assert "small, TEST" in shown and "Dropout" not in shown and "\nflowchart LR\n" in shown


@needs_dot
@pytest.mark.parametrize("ending, start", [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".PDF", b"%PDF")])
def test_pictures_are_rendered(net, ending: str, start: bytes):
    run(net, f"net{ending}")
    assert Path(f"net{ending}").read_bytes().startswith(start)


def test_a_solver_is_drawn_with_its_phases_and_the_masks_it_attaches(tmp_path):
    solver = toy(tmp_path)
    shown = run(solver)
    assert len(re.findall("Mask, attached in training", shown)) == 3  # of two convolutions and two products
    assert '-.->|"9×80"|' in shown  # the mask of `ip1`
    run(solver, tmp_path / "net.dot")
    for text in (shown, (tmp_path / "net.dot").read_text()):
        assert "sparse: sparsity" in text.replace("&#160;", " ") and "dense" in text
    assert "--phase=TEST" in run(solver, "--phase=TEST", status=2)


def test_a_net_without_its_data_is_drawn_without_shapes(tmp_path):
    solver = toy(tmp_path)
    (tmp_path / "train.txt").unlink()
    shown = run(solver)
    assert "warning: not all shapes are known" in shown and "train.txt" in shown
    assert len(re.findall("Mask, attached in training", shown)) == 3 and "9×80" not in shown


def test_a_net_whose_shapes_a_program_gave_is_drawn_without_shapes(tmp_path):
    (tmp_path / "net.prototxt").write_text('input: "x" layer { name: "r" type: "ReLU" bottom: "x" top: "y" }')
    shown = run(tmp_path / "net.prototxt")
    assert "warning: not all shapes are known: layer `input` (Input) has no shape for `x`" in shown and "ReLU" in shown


def test_a_python_layer_without_permission_is_drawn_as_a_box(net):
    python = 'layer { name: "own" type: "Python" bottom: "ip" top: "own" python_param { module: "gone" layer: "Own" } }'
    net.write_text(NET + python)
    shown = run(net)
    assert "--allow-python" in shown and "<b>own</b><br/>Python<br/>module gone, layer Own" in shown


def test_a_net_beyond_mermaids_limits_is_written_with_a_warning(net):
    last = "".join(f'layer {{ name: "{i}" type: "AbsVal" bottom: "conv" top: "{i}" }}\n' for i in range(260))
    net.write_text(NET + last)
    assert "Mermaid will not draw it" in run(net, "net.mmd") and Path("net.mmd").exists()
    assert "Mermaid" not in run(net, "net.dot")


def test_missing_dot_is_reported_with_how_to_install_it(net, monkeypatch):
    monkeypatch.setenv("PATH", "")
    shown = run(net, "net.svg", status=2)
    assert "`dot`, which is not installed: apt install graphviz" in shown and not Path("net.svg").exists()
    run(net, "net.dot")
    assert Path("net.dot").read_text().startswith("digraph")


def test_no_file_is_left_if_dot_fails(net, monkeypatch, tmp_path):
    fake = tmp_path / "bin" / "dot"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho out of ink >&2\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent))
    assert "out of ink" in run(net, "net.svg", status=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "net.prototxt"]


def test_nothing_is_replaced_without_force(net):
    Path("net.mmd").write_text("mine")
    assert "--force" in run(net, "net.mmd", status=2)
    assert Path("net.mmd").read_text() == "mine"
    run(net, "net.mmd", "--force")
    assert "flowchart" in Path("net.mmd").read_text()


def test_a_write_that_fails_keeps_the_old_file(net, monkeypatch):
    Path("net.mmd").write_text("mine")
    monkeypatch.setattr("netdef.files.os.fsync", lambda file: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert "net.mmd: cannot be written: No space left" in run(net, "net.mmd", "--force", status=2)
    assert {path.name: path.read_text() for path in net.parent.iterdir()} == {"net.prototxt": NET, "net.mmd": "mine"}


@pytest.mark.parametrize("change, words", [
    (("num_output: 10", "num_outputs: 10"), "net.prototxt:6:"),
    (('bottom: "conv"', 'bottom: "cnv"'), "reads blob `cnv`"),
    (("kernel_size: 3", "kernel_size: 12"), "net.prototxt:4:"),
])  # fmt: skip
def test_bad_nets_are_refused(net, change: tuple[str, str], words: str):
    net.write_text(NET.replace(*change))
    shown = run(net, "net.mmd", status=2)
    assert words in shown and "^~~" in shown and not Path("net.mmd").exists()


@pytest.mark.parametrize("args, words", [
    (["nope.prototxt"], "nope.prototxt"),
    (["net.prototxt", "net.jpg"], "does not end in .svg, .png, .pdf, .dot, .mmd, .md"),
    (["net.prototxt", "nowhere/net.mmd"], "nowhere/net.mmd"),
    ([], "Missing argument"),
])  # fmt: skip
def test_bad_arguments_are_refused(net, args: list[str], words: str):
    assert words in run(*args, status=2)
