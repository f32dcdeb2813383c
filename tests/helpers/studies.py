"""The content of a small ``study.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dsd.study.plan import VERSION
from dsd.study.recorded_study import RecordedStudy


def phases(*spans: tuple[str, int, int, float | None]) -> list[dict[str, Any]]:
    """Phases given as (name, start, end, sparsity)."""
    return [dict(name=n, start=a, end=b, sparsity=s, base_lr=0.1, constraint="MASK_BLOB", solver_state="RESET")
            for n, a, b, s in spans]


def run(arm: str, seed: int, *errors: tuple[int, float | None]) -> dict[str, Any]:
    """A run with errors in percent, given as (iteration, error)."""
    tests = [dict(iteration=i, phase="p", outputs={"accuracy": None if e is None else 1 - e / 100}) for i, e in errors]
    return dict(arm=arm, seed=seed, digest="d", iterations=6, seconds=2.0, kept={}, final=errors[-1][1], tests=tests)


def study(**more: Any) -> dict[str, Any]:
    """Two seeds of `dsd` and its control: 4 dense iterations, then 2 sparse ones."""
    lengths = ("dense", 0, 4), ("sparse", 4, 6)
    return dict(
        format="dsd-study", version=VERSION, digest="d", solver={"path": "nets/s.prototxt", "text": "base_lr: 0.1\n"},
        metric={"name": "accuracy", "accuracy": True, "label": "test error (%)"}, seeds=[1, 2],
        arms={
            "control": {"control": None, "run": "control", "phases": phases(*((*p, None) for p in lengths))},
            "dsd": {"control": "control", "run": "dsd", "phases": phases((*lengths[0], None), (*lengths[1], 0.5))}},
        runs=[run("control", 1, (0, 90.0), (4, 10.0), (6, 8.0)), run("control", 2, (0, 88.0), (4, 12.0), (6, 9.0)),
              run("dsd", 1, (0, 90.0), (4, 10.0), (4, 70.0), (6, 7.5)), run("dsd", 2, (0, 88.0), (4, 12.0), (6, 8.0))],
        comparisons=[dict(arm="dsd", control="control", iteration=6, pairs=2, mean=7.75, sd=0.35, control_mean=8.5,
                          control_sd=0.7, difference=-0.75, low=-3.9, high=2.4, t_p=0.2, wilcoxon_p=0.5, holm_p=0.2)],
        **more)


def written(folder: Path, content: dict[str, Any]) -> RecordedStudy:
    """The study of a content, written to a folder and read."""
    path = folder / "study.json"
    path.write_text(json.dumps(content))
    return RecordedStudy(path)
