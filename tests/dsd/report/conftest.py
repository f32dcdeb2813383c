from __future__ import annotations

from pathlib import Path

import pytest
from report_pages import Page
from toys import toy

from dsd.observers.metrics import JsonLines
from dsd.observers.weight_record import WeightRecord
from dsd.report.report import Report
from dsd.report.run_metrics import RunMetrics
from dsd.report.run_page import report_run
from dsd.training.trainer import Trainer

TESTED = "display: 1 test_iter: 3 test_interval: 2"


@pytest.fixture(scope="session")
def lines(tmp_path_factory) -> Path:
    """The JSON lines of a finished run in three phases. To be read only."""
    folder = tmp_path_factory.mktemp("reported")
    path = folder / "run" / "toy.jsonl"
    written = JsonLines(path)
    Trainer.from_file(toy(folder, more=TESTED), observers=[written, WeightRecord(written)]).run()
    return path


@pytest.fixture(scope="module")
def report(lines: Path) -> Report:
    """The report of that run."""
    return report_run(RunMetrics(lines))


@pytest.fixture(scope="module")
def page(report: Report) -> Page:
    """Its page, parsed."""
    return Page(report.page)
