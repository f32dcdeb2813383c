"""dsd-log: tables and curves of training logs, ours, Caffe's and its forks'."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from dsd.cli.shared.command import Group
from dsd.cli.shared.overwrite import check_target, force_option


@click.group(cls=Group, epilog="""\b
Examples:
  dsd-log csv runs/digits.log
  dsd-log plot 6 loss.png runs/digits.log caffe.INFO

\b
dsd-log COMMAND --help says more.""")
def main() -> None:
    """Read logs of training: ours (.log, .jsonl), and those of Caffe and its forks of any age."""


@main.command(epilog="""\b
Examples:
  dsd-log csv runs/digits.log
  dsd-log csv caffe.INFO tables/ --delimiter=';'

\b
Writes LOG.train and LOG.test: NumIters, Seconds, LearningRate and the net's
outputs.
A log with several runs gives tables of each: LOG.1.train, LOG.2.train, ...""")
@click.argument("log", type=click.Path(path_type=Path))
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--delimiter", default=",", show_default=True, help="What stands between columns.")
@force_option
def csv(log: Path, folder: Path | None, delimiter: str, force: bool) -> None:
    """Write the tables of a LOG as CSV files, beside it or in FOLDER, as parse_log.py."""
    from dsd.logs.read import read_runs
    from dsd.logs.tables import Row, write_csv
    from netdef.files import atomic_write

    if len(delimiter) != 1:
        raise click.BadParameter(f"`{delimiter}` is not one character", param_hint="--delimiter")
    runs = read_runs(log)
    files: dict[Path, list[Row]] = {}
    for number, tables in enumerate(runs, 1):
        run = f"{log.name}.{number}" if len(runs) > 1 else log.name
        parts = {"train": tables.train, "test": tables.test}
        files |= {(folder or log.parent) / f"{run}.{name}": rows for name, rows in parts.items() if rows}
    if len(runs) > 1:
        click.echo(f"{log}: {len(runs)} runs")
    for path in files:
        check_target(path, force)
    for path, rows in files.items():
        file: IO[str]
        with atomic_write(path, "w") as file:
            write_csv(rows, file, delimiter)
        click.echo(f"{path}: {len(rows):,} row{'s' if len(rows) != 1 else ''}")


@main.command(epilog="""\b
Charts:
  0: Test accuracy vs. Iters        1: Test accuracy vs. Seconds
  2: Test loss vs. Iters            3: Test loss vs. Seconds
  4: Train learning rate vs. Iters  5: Train learning rate vs. Seconds
  6: Train loss vs. Iters           7: Train loss vs. Seconds

\b
Examples:
  dsd-log plot 6 loss.png runs/digits.log
  dsd-log plot 0 accuracy.svg a.log b.log --value=accuracy_top5""")
@click.argument("chart", type=click.IntRange(0, 7))
@click.argument("picture", type=click.Path(path_type=Path))
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--value", metavar="OUTPUT", help="Draw this output of the net, not the chart's accuracy or loss.")
@force_option
def plot(chart: int, picture: Path, logs: tuple[Path, ...], value: str | None, force: bool) -> None:
    """Draw CHART (0 to 7) of one or more LOGS into PICTURE, a .png, .svg or .pdf, as plot_training_log.py."""
    from dataclasses import replace

    from dsd.logs.plot import CHARTS, curves_of, plot
    from dsd.logs.read import read_runs
    from netdef.files import atomic_write

    check_target(picture, force)
    wanted = replace(CHARTS[chart], value=value) if value else CHARTS[chart]
    curves = [curve for log in logs for curve in curves_of(read_runs(log), wanted, log)]
    data = plot(curves, wanted, picture.suffix[1:].lower())
    with atomic_write(picture) as file:
        file.write(data)
    click.echo(f"{picture}: {wanted.title}")


if __name__ == "__main__":
    main()
