"""Print one table of several studies: every arm against its controls, with p corrected for all rows together."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import click

from dsd.cli.shared.command import Command
from dsd.study.describe import decimals, p_value, signed
from dsd.study.end_table import CALIBRATION, TRAIN_LOSS, end_measures
from dsd.study.recorded_study import RecordedStudy
from dsd.study.statistics import PairedComparison, holm
from dsd.study.text_table import TextTable

HEADINGS = ["setting", "arm", "control", "seeds", "control's error", "difference", "95% interval", "p, Holm", "test loss",
            "train loss", "ECE", "effect"]


def evidence_table(studies: dict[str, RecordedStudy]) -> TextTable:
    """A row for each comparison of each study, {setting: study}.

    ``p, Holm`` is that of the paired t-test, corrected for all rows. Losses and ECE are means of the arm and, behind the
    stroke, of its control, at the ends of their runs.
    """
    rows = [(setting, study, c) for setting, study in studies.items() for c in study.comparisons]
    corrected = holm([c for *_, c in rows])
    table = TextTable("Evidence", HEADINGS, labels=3)
    table.rows = [_row(setting, study, c) for (setting, study, _), c in zip(rows, corrected, strict=True)]
    return table


def _row(setting: str, study: RecordedStudy, c: PairedComparison) -> list[str]:
    digits = decimals(study.comparisons)
    interval = "" if c.low is None or c.high is None else f"{signed(c.low, digits)} to {signed(c.high, digits)}"
    control = "" if c.control_mean is None else f"{c.control_mean:.{digits}f}"
    measures = [_both(study, c, name) for name in (_loss(study), TRAIN_LOSS, CALIBRATION)]
    return [setting, c.arm, c.control, str(c.pairs), control, signed(c.difference, digits), interval, p_value(c.holm_p),
            *measures, _effect(c)]


def _effect(c: PairedComparison) -> str:
    if c.holm_p is None or c.difference is None:
        return "too few seeds"
    return "none shown" if not c.significant else "gain" if c.difference < 0 else "harm"


def _both(study: RecordedStudy, c: PairedComparison, measure: str | None) -> str:
    """The mean of a measure in the arm and in its control: ``0.412 / 0.431``."""
    if measure is None or study.phases[c.control][-1].end != c.iteration:  # a control that goes on has other ends
        return ""
    found = [end_measures(study, arm).get(measure) for arm in (c.arm, c.control)]
    return " / ".join(f"{fmean(values):.3g}" for values in found if values)


def _loss(study: RecordedStudy) -> str | None:
    """The first output of the test net that is not an accuracy."""
    names = [name for arm in study.arms for name in end_measures(study, arm)]
    accuracy = study.metric.name if study.metric.accuracy else None
    return next((name for name in names if name not in (accuracy, TRAIN_LOSS, CALIBRATION) and "accuracy" not in name), None)


def _named(studies: tuple[str, ...]) -> dict[str, RecordedStudy]:
    found = {}
    for study in studies:
        name, equals, path = study.rpartition("=")
        file = Path(path) / "study.json" if Path(path).is_dir() else Path(path)
        read = RecordedStudy(file)
        name = name if equals else Path(read.solver["path"] or file).resolve().parent.name
        if name in found:
            raise click.UsageError(f"two studies are called {name}; name them: NAME={path}")
        found[name] = read
    return found


@click.command(cls=Command)
@click.argument("studies", metavar="[NAME=]STUDY...", nargs=-1, required=True)
def main(studies: tuple[str, ...]) -> None:
    """Print the table of STUDIES, study.json files or their folders, as Markdown.

    A study is named by the folder of its solver unless NAME= says otherwise.

    \b
    Example:
      python tools/evidence.py runs/fashion_study resnet=runs/cifar_study
    """
    click.echo(evidence_table(_named(studies)).markdown())


if __name__ == "__main__":
    main()
