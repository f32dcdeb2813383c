"""Drawings for graphviz."""

from __future__ import annotations

import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from drawings import NAMES, NET, drawing, named, seen

from dsd.drawing.dot import dot_text, picture

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")


@needs_dot
def test_pictures_show_any_name():
    root = ElementTree.fromstring(picture(dot_text(named()), "svg"))
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    shown = ["".join(text.itertext()).strip().replace("\xa0", " ") for text in texts]
    for name in NAMES:
        if seen(name).strip():
            assert shown.count(seen(name)) >= 3  # the box, its line, its layer in place
    assert 'the "net"' in shown and "<one>" in shown and "sparsity" in shown


@needs_dot
@pytest.mark.parametrize("rankdir", ["TB", "LR"])
def test_dot_reads_every_kind_of_box_and_arrow(rankdir: str):
    text = dot_text(drawing(NET), rankdir)
    done = subprocess.run(["dot", "-Tplain"], input=text.encode(), capture_output=True, check=True)
    assert not done.stderr
    kinds = [line.split()[0] for line in done.stdout.decode().splitlines()]
    assert kinds.count("node") == 11 and kinds.count("edge") == 13
    root = ElementTree.fromstring(picture(text, "svg"))
    assert root.find(".//{http://www.w3.org/2000/svg}polygon").get("fill") == "white"
    assert picture(text, "png").startswith(b"\x89PNG") and picture(text, "pdf").startswith(b"%PDF")
