"""Everything that was measured at the ends of a study's arms, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean, stdev
from typing import Any

from dsd.study.recorded_study import RecordedStudy
from dsd.study.text_table import TextTable

TRAIN_LOSS, CALIBRATION = "train loss", "ECE"
"""Names of the measures that are no outputs of the test net."""


def end_measures(study: RecordedStudy, arm: str) -> dict[str, list[float]]:
    """{measure: its finite values at the arm's end, seed by seed}: outputs of the test net, `TRAIN_LOSS`, `CALIBRATION`."""
    found: dict[str, list[float]] = {}
    for test in study.ends(arm):
        for name, value in _numbers(test):
            if isinstance(value, (int, float)):
                found.setdefault(name, []).append(value)
    return found


def end_table(study: RecordedStudy) -> TextTable:
    """A row for each arm: the mean of each measure over its finished seeds, and the standard deviation."""
    measures = {arm: end_measures(study, arm) for arm in study.arms}
    names = list(dict.fromkeys(name for found in measures.values() for name in found))
    table = TextTable("At the end, test and training: mean (sd)", ["arm", "seeds", *names])
    table.rows = [
        [arm, str(max(map(len, found.values()))), *(mean_and_sd(found.get(name, ())) for name in names)]
        for arm, found in measures.items() if found]
    return table


def mean_and_sd(values: Sequence[float]) -> str:
    """``0.4821 (0.0107)``; without the deviation for one value, and nothing for none."""
    if not values:
        return ""
    mean = f"{fmean(values):.4g}"
    return f"{mean} ({stdev(values):.2g})" if len(values) > 1 else mean


def _numbers(test: dict[str, Any]) -> Iterator[tuple[str, object]]:
    yield from test["outputs"].items()
    yield TRAIN_LOSS, test.get("train_loss")
    yield CALIBRATION, test.get("calibration")
