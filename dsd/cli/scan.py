"""dsd-scan: the score of a trained net as each layer is pruned, and sparsities for an allowed loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.devices import Devices, one_gpu_options
from dsd.cli.shared.options import NAMES, ReadOptions, option_group, solver_read_options
from dsd.cli.shared.overwrite import check_target
from dsd.cli.shared.screen import console
from dsd.cli.shared.weights import load_all_weights

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from dsd.scan.scan import Scan, Scanner


@dataclass(frozen=True)
class PruneOptions:
    """The layers and sparsities to try, and the allowed loss."""

    layers: str | None
    sparsities: tuple[str, ...]
    loss: float

    @property
    def shares(self) -> tuple[float, ...]:
        """The sparsities in rising order. Raises `BadParameter` for a sparsity outside [0, 1)."""
        try:
            found = sorted({float(part) for part in self.sparsities})
        except ValueError:
            found = []
        if not found or not all(0 < share < 1 for share in found):
            raise click.BadParameter(
                f"`{','.join(self.sparsities)}` is not a list of shares between 0 and 1, such as 0.3,0.5",
                param_hint="--sparsities")
        return tuple(found)


@dataclass(frozen=True)
class ScoreOptions:
    """The output and the test net that give the score, and the number of batches."""

    score: str | None
    test_net: int
    iterations: int | None
    seed: int


@click.command(cls=Command, epilog="""\b
Example:
  dsd-scan models/lenet/solver.prototxt --weights lenet_iter_10000.caffemodel

\b
Writes curves, numbers and the proposal: <weights>_scan.png, .svg, .json and
.prototxt. The lines of the proposal go into a dsd_phase.""")
@click.argument("solver", type=click.Path())
@click.option("--weights", required=True, type=NAMES, metavar="A,B", help="The trained weights, of any kind.")
@option_group(
    "prune", PruneOptions,
    click.option("--layers", metavar="PATTERN", help="Scan these (* and ? allowed), not all that are prunable."),
    click.option("--sparsities", default="0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9", type=NAMES, metavar="A,B",
                 help="Sparsities to try. [default: 0.1,0.2,...,0.9]"),
    click.option("--loss", default=0.01, metavar="X", type=click.FloatRange(min=0),
                 help="How much worse one pruned layer may make it. [default: 0.01]"),
)
@option_group(
    "score", ScoreOptions,
    click.option("--score", metavar="BLOB", help="Watch this output, not the first accuracy or else loss."),
    click.option("--test_net", default=0, metavar="N", type=click.IntRange(min=0), help="Which test net. [default: 0]"),
    click.option("--iterations", metavar="N", type=click.IntRange(min=1), help="Batches, not the solver's test_iter."),
    click.option("--seed", default=0, metavar="N", type=click.IntRange(min=0),
                 help="Seed of whatever the net draws. [default: 0]"),
)
@one_gpu_options
@click.option("--output", metavar="PREFIX", type=click.Path(), help="Start of the files' names, not <weights>_scan.")
@click.option("--plot/--no-plot", default=True, help="Draw the curves; needs matplotlib, netdef-dsd[plot].")
@solver_read_options
def main(
    solver: str, weights: tuple[str, ...], prune: PruneOptions, score: ScoreOptions, devices: Devices, output: str | None,
    plot: bool, read: ReadOptions,
) -> None:
    """Prune the layers of a trained net one at a time, test it without retraining, and propose sparsities."""
    device, shares = devices.one(), prune.shares

    from dsd.scan.plot import plot_scan
    from dsd.scan.write import write_scan

    if plot:
        _need_matplotlib()  # now, not after an hour of tests
    prefix = Path(output or f"{_stem(weights[-1])}_scan")
    prefix.parent.mkdir(parents=True, exist_ok=True)
    check_target(f"{prefix}.json", force=True)
    scanner = make_scanner(solver, weights, prune.layers, score, device, read)
    screen = console()
    scan = run_with_progress(scanner, shares, prune.loss, screen)
    screen.print(scan_table(scan))
    for line in verdict(scan):
        screen.print(line, highlight=False, markup=False, soft_wrap=True)
    written = write_scan(scan, prefix, f"{solver}, {','.join(weights)}")
    if plot:
        drawn = [Path(f"{written[0].with_suffix('')}{ending}") for ending in (".png", ".svg")]
        plot_scan(scan, drawn)
        written += drawn
    screen.print("written  " + "  ".join(map(str, written)), highlight=False, markup=False, soft_wrap=True)


def make_scanner(
    solver: str, weights: tuple[str, ...], layers: str | None, score: ScoreOptions, device: str | None, read: ReadOptions
) -> Scanner:
    """Make the scanner of a solver's test net with trained weights. Raises `NetdefError` if they do not fit."""
    import torch

    from dsd.plan.nets import need_data
    from dsd.plan.prepare import read_run
    from dsd.plan.settings import choose_device
    from dsd.scan.scan import Scanner, choose_score, with_scanned
    from netdef.definition.read import read_solver
    from netdef.errors import NetdefError, Problems
    from netdef.graph.build import build_net

    problems = Problems()
    spec = read_solver(solver, problems=problems, **read.flags)
    nets = read_run(spec, problems=problems).tests
    if score.test_net >= len(nets):
        raise NetdefError(f"{solver}: has {len(nets)} test nets (`test_iter`); there is no number {score.test_net}")
    masked, scanned = with_scanned(nets[score.test_net], layers)
    place = choose_device(spec, device)
    torch.manual_seed(score.seed)
    net = build_net(masked, place)
    need_data(net)
    load_all_weights(net, weights)
    net.feeds.configure(score.seed)
    batches = score.iterations or spec.message.test_iter[score.test_net]
    return Scanner(net, scanned, choose_score(net, score.score), batches, place, score.seed)


def run_with_progress(scanner: Scanner, sparsities: tuple[float, ...], allowed: float, screen: Console) -> Scan:
    """Run the scan with a progress bar on a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from dsd.display.number_text import number_text

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("dense", total=scanner.points(sparsities))
        return scanner.run(
            sparsities, allowed, lambda what, score: bar.update(task, advance=1, description=f"{what}: {number_text(score)}"))


def scan_table(scan: Scan) -> Table:
    """A row for each layer, a column for each sparsity, the proposed sparsities in bold."""
    from rich.markup import escape
    from rich.table import Table

    from dsd.display.number_text import number_text

    blob = scan.score.blob
    table = Table(title=f"test {blob} with one layer pruned; dense {number_text(scan.dense)}", title_justify="left")
    table.add_column("layer", overflow="fold")
    table.add_column("weights", justify="right")
    for sparsity in scan.sparsities:
        table.add_column(f"{sparsity * 100:.4g}%", justify="right")
    for curve in scan.curves:
        best = scan.proposed.get(curve.layer)
        shown = [number_text(value) for value in curve.scores]
        cells = [f"[bold]{text}[/]" if s == best else text for s, text in zip(scan.sparsities, shown)]
        table.add_row(escape(curve.layer), f"{curve.weights:,}", *cells)
    return table


def verdict(scan: Scan) -> list[str]:
    """The proposal as lines to paste, and the score with all of it."""
    from dsd.display.number_text import number_text
    from dsd.scan.scan import layer_lines

    if not scan.proposed:
        return [f"No layer can be pruned by any of these sparsities and lose no more than {scan.allowed:g}."]
    total = sum(curve.weights for curve in scan.curves)
    pruned = sum(curve.weights * scan.proposed.get(curve.layer, 0) for curve in scan.curves)
    worse, than_dense = scan.score.loss(scan.dense, scan.together), ""
    if math.isfinite(worse):
        than_dense = f", {worse:.4g} worse than dense" if worse > 0 else ", no worse than dense"
    return [
        f"Each layer alone loses no more than {scan.allowed:g} at:",
        *(f"  {line}" for line in layer_lines(scan.proposed)),
        f"All of them together prune {pruned / total:.1%} of {total:,} weights: {scan.score.blob} "
        f"{number_text(scan.together)}{than_dense}, before any retraining.",
    ]


def _need_matplotlib() -> None:
    from dsd.display.plotting import load_matplotlib
    from netdef.errors import NetdefError

    try:
        load_matplotlib()
    except NetdefError as error:
        raise NetdefError(f"{error}, or give --no-plot") from None


def _stem(path: str) -> str:
    """The path without the endings of a weight file."""
    for ending in (".h5", ".hdf5", ".caffemodel", ".safetensors"):
        path = path.removesuffix(ending)
    return path


if __name__ == "__main__":
    main()
