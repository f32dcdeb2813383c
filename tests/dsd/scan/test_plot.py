"""The curves of a scan as pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsd.scan.plot import plot_scan
from dsd.scan.scan import Curve, Scan, Score


def test_pictures_have_each_layer_the_limit_and_the_proposals(tmp_path: Path):
    pytest.importorskip("matplotlib")
    curves = (Curve("conv1", 40, (0.5, 0.75, 1.5)), Curve("ip1", 900, (0.5, 0.5, 0.625)))
    scan = Scan(Score("loss", False), (0.25, 0.5, 0.75), 0.5, curves, 0.25, {"conv1": 0.5, "ip1": 0.75}, 0.8)
    plot_scan(scan, [tmp_path / "scan.png", tmp_path / "scan.svg"])
    assert (tmp_path / "scan.png").read_bytes().startswith(b"\x89PNG")
    drawn = (tmp_path / "scan.svg").read_text()
    assert all(f">{words}<" in drawn for words in ("conv1 (40)", "ip1 (900)", "proposed", "0.25 worse than dense"))
