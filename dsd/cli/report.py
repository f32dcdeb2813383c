"""dsd-report: a page with pictures about a run or a study."""

from __future__ import annotations

from pathlib import Path

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.screen import console


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-report runs/digits
  dsd-report runs/digits.jsonl --out digits_report
  dsd-report runs/digits_study/study.json

RUN is what dsd-train wrote (a .jsonl file, or the snapshot prefix), the folder of one run, or a study.json or its
folder. A job that is still running is reported as far as it has come. Needs the extra `plot`.""")
@click.argument("run", type=click.Path())
@click.option("--out", type=click.Path(file_okay=False), help="The report's folder. [default: RUN_report]")
def main(run: str, out: str | None) -> None:
    """Write a page about a RUN, report.html, which needs no other file, and its pictures as PNG files."""
    from dsd.report.missing import missing
    from dsd.report.run_metrics import RunMetrics, find_run
    from dsd.report.run_page import report_run
    from dsd.report.study_page import report_study
    from dsd.study.recorded_study import RecordedStudy

    file = find_run(Path(run))
    if file.suffix == ".json":
        study = RecordedStudy(file)
        folder = Path(out) if out else file.parent / "report"
        report = report_study(study)
    else:
        metrics = RunMetrics(file)
        for text in missing(metrics):
            click.echo(f"note: {text}", err=True)
        folder = Path(out) if out else file.with_name(f"{file.stem}_report")
        report = report_run(metrics)
    screen = console()
    for path in report.write(folder):
        screen.print(str(path), markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
