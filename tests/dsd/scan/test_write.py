"""The files of a scan."""

from __future__ import annotations

import json
import math
from pathlib import Path

from dsd.scan.scan import Curve, Scan, Score
from dsd.scan.write import write_scan


def test_the_proposal_is_lines_of_a_phase_and_the_numbers_are_json(tmp_path: Path):
    curves = (Curve("conv2", 80, (0.95, 0.5)), Curve("ip1", 720, (math.nan, math.inf)))
    scan = Scan(Score("accuracy", True), (0.3, 0.6), 0.9625, curves, 0.02, {"conv2": 0.3}, 0.95)
    text, numbers = write_scan(scan, tmp_path / "x", "s.prototxt,\nw.caffemodel")
    assert (text.name, numbers.name) == ("x.prototxt", "x.json")
    assert text.read_text().splitlines() == [
        "# dsd-scan of s.prototxt, w.caffemodel", "# accuracy: 0.9625 dense, 0.95 with all of these",
        'layer { name: "conv2" sparsity: 0.3 }']
    found = json.loads(numbers.read_text())
    assert found["proposed"] == {"conv2": 0.3} and found["dense"] == 0.9625
    assert [curve["scores"] for curve in found["curves"]] == [[0.95, 0.5], [None, None]]
