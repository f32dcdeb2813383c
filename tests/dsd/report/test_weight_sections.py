"""The sections about weights and masks."""

from __future__ import annotations

import json

import pytest


def test_tables_have_the_numbers_of_the_metrics(page, lines):
    events = [json.loads(line) for line in lines.read_text().splitlines()]
    end = next(e for e in events if e["event"] == "phase_end" and e["name"] == "sparse")
    (row,) = (row for row in page.rows if row[:2] == ["sparse", "4"])
    assert float(row[3]) == pytest.approx(end["loss"], abs=5e-4) and row[-1] == "574 of 827"
    audit = next(e for e in events if e["event"] == "audit")
    assert any(audit["mask_hash"][:16] in word for word in page.words)
    weights = next(e for e in events if e["event"] == "weights" and (e["phase"], e["moment"]) == ("re-dense", "end"))
    regrown, drift = (weights["layers"]["ip1"][fact] for fact in ("regrown", "drift"))
    (row,) = (row for row in page.rows if row[:3] == ["ip1", "re-dense", "216"])
    assert float(row[3]) == pytest.approx(regrown["threshold"], abs=5e-4)
    assert row[4:6] == [str(regrown["above"]), f"{100 * regrown['above'] / 216:.1f}%"]
    (row,) = (row for row in page.rows if row[:2] == ["ip1", "re-dense"] and row[3:4] == ["504"])
    assert float(row[4]) == pytest.approx(drift["distance"], abs=5e-4) and row[5] == f"{drift['cosine']:.4f}"
