"""Warnings about data that a report lacks."""

from __future__ import annotations

import json

from dsd.report.missing import missing
from dsd.report.run_metrics import RunMetrics
from dsd.report.run_page import report_run


def test_missing_facts_are_listed(lines, tmp_path):
    path = tmp_path / "a.jsonl"
    rows = lines.read_text().splitlines()
    path.write_text("\n".join(row for row in rows if '"event": "weights"' not in row) + "\n")
    assert ["Nothing about the weights was recorded" in text for text in missing(RunMetrics(path))] == [True]
    path.write_text("\n".join([rows[0], "{", *rows[1:]]) + "\n")
    assert missing(RunMetrics(path)) == ["Damaged lines of a.jsonl are left out: 2."]
    gone = [json.loads(row) for row in rows]
    for event in gone:
        if event["event"] == "weights" and event["phase"] == "sparse" and event["moment"] == "end":
            event["layers"]["ip1"]["drift"] = None
    path.write_text("".join(json.dumps(event) + "\n" for event in gone))
    assert "Drift is not known at the end of sparse" in missing(RunMetrics(path))[0]
    assert "Drift is not known" in report_run(RunMetrics(path)).page
