"""dsd-scan: what each layer of a trained net loses when it is pruned, and sparsities for a given loss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.common import Command, console, device_options, gpu_ids, lenient_option, names, python_option
from dsd.cli.test import take_weights

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from dsd.scan.scan import Scan, Scanner


@click.command(cls=Command, epilog="""\b
Example:
  dsd-scan models/lenet/solver.prototxt --weights lenet_iter_10000.caffemodel
\b
Writes curves, numbers and the proposal: <weights>_scan.png, .svg, .json, .prototxt.
The lines of the proposal go into a dsd_phase.""")
@click.argument("solver", type=click.Path())
@click.option("--weights", required=True, metavar="A,B", help="The trained weights, of any kind.")
@click.option("--layers", metavar="PATTERN", help="Scan these (* and ? allowed), not all that a sparse phase prunes.")
@click.option("--sparsities", metavar="A,B", help="Instead of 0.1,0.2,...,0.9.")
@click.option("--iterations", type=click.IntRange(min=1), help="Batches a test, instead of the solver's test_iter.")
@click.option("--loss", default=0.01, show_default=True, type=click.FloatRange(min=0),
              help="How much worse the score may get by pruning one layer.")
@click.option("--score", metavar="BLOB", help="Watch this output, not the first accuracy or else the first loss.")
@click.option("--test_net", default=0, show_default=True, type=click.IntRange(min=0), help="Which test net.")
@device_options
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="For whatever the net draws.")
@click.option("--output", metavar="PREFIX", type=click.Path(), help="What files are called, instead of <weights>_scan.")
@click.option("--plot/--no-plot", default=True, help="Draw the curves; needs matplotlib, netdef-dsd[plot].")
@lenient_option
@python_option
def main(
    solver: str, weights: str, layers: str | None, sparsities: str | None, iterations: int | None, loss: float,
    score: str | None, test_net: int, gpu: str | None, device: str | None, seed: int, output: str | None, plot: bool,
    lenient: bool, allow_python: bool,
) -> None:
    """Prune the layers of a trained net one at a time, without retraining, and test it: how far can they be?"""
    if gpu and device:
        raise click.UsageError("give --gpu or --device, not both")
    ids = gpu_ids(gpu)
    if len(ids) > 1:
        raise click.UsageError("dsd-scan runs on one GPU")
    shares = _shares(sparsities)

    from dsd.plotting import load_matplotlib
    from dsd.scan.plot import plot_scan

    if plot:
        load_matplotlib()  # now, not after an hour of tests

    import torch

    from dsd.plan.nets import need_data, test_nets
    from dsd.plan.settings import choose_device
    from dsd.scan.scan import Scanner, choose_score, with_scanned
    from netdef.definition.read import read_solver
    from netdef.errors import NetdefError
    from netdef.graph.build import build_net

    spec = read_solver(solver, lenient=lenient, allow_python=allow_python)
    nets = test_nets(spec)
    if test_net >= len(nets):
        raise NetdefError(f"{solver}: has {len(nets)} test nets (`test_iter`); there is no number {test_net}")
    masked, scanned = with_scanned(nets[test_net], layers)
    place = choose_device(spec, f"cuda:{ids[0]}" if ids else device)
    torch.manual_seed(seed)
    net = build_net(masked, place)
    need_data(net)
    files = names(weights)
    take_weights(net, files)
    net.feeds.configure(seed)
    batches = iterations or spec.message.test_iter[test_net]
    scanner = Scanner(net, scanned, choose_score(net, score), batches, place, seed)
    screen = console()
    scan = run_with_progress(scanner, shares, loss, screen)
    screen.print(scan_table(scan))
    for line in verdict(scan):
        screen.print(line, highlight=False, markup=False, soft_wrap=True)
    written = write(scan, Path(output or f"{_stem(files[-1])}_scan"), f"{solver}, {weights}")
    if plot:
        drawn = [Path(f"{written[0].with_suffix('')}{ending}") for ending in (".png", ".svg")]
        plot_scan(scan, drawn)
        written += drawn
    screen.print("written  " + "  ".join(map(str, written)), highlight=False, markup=False, soft_wrap=True)


def run_with_progress(scanner: Scanner, sparsities: tuple[float, ...], allowed: float, screen: Console) -> Scan:
    """The scan under a bar, which is shown on a terminal only."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("dense", total=scanner.points(sparsities))
        return scanner.run(
            sparsities, allowed, lambda what, score: bar.update(task, advance=1, description=f"{what}: {score:.4g}"))


def scan_table(scan: Scan) -> Table:
    """A row a layer, a column a sparsity; what is proposed in bold."""
    from rich.markup import escape
    from rich.table import Table

    blob = scan.score.blob
    table = Table(title=f"test {blob} with one layer pruned; dense {scan.dense:.4g}", title_justify="left")
    table.add_column("layer", overflow="fold")
    table.add_column("weights", justify="right")
    for sparsity in scan.sparsities:
        table.add_column(f"{sparsity * 100:.4g}%", justify="right")
    for curve in scan.curves:
        best = scan.proposed.get(curve.layer)
        cells = [f"[bold]{v:.4g}[/]" if s == best else f"{v:.4g}" for s, v in zip(scan.sparsities, curve.scores)]
        table.add_row(escape(curve.layer), f"{curve.weights:,}", *cells)
    return table


def verdict(scan: Scan) -> list[str]:
    """The proposal, ready to paste, and what it comes to."""
    from dsd.scan.scan import layer_lines

    if not scan.proposed:
        return [f"No layer can be pruned by any of these sparsities and lose no more than {scan.allowed:g}."]
    total = sum(curve.weights for curve in scan.curves)
    pruned = sum(curve.weights * scan.proposed.get(curve.layer, 0) for curve in scan.curves)
    worse = scan.score.loss(scan.dense, scan.together)
    return [
        f"Each layer alone loses no more than {scan.allowed:g} at:",
        *(f"  {line}" for line in layer_lines(scan.proposed)),
        f"All of them together prune {pruned / total:.1%} of {total:,} weights: {scan.score.blob} {scan.together:.4g}, "
        + (f"{worse:.4g} worse than dense" if worse > 0 else "no worse than dense") + ", before any retraining.",
    ]


def write(scan: Scan, prefix: Path, source: str) -> list[Path]:
    """The proposal as text to paste, and all numbers as JSON."""
    from dsd.scan.scan import layer_lines
    from netdef.files import atomic_write

    head = [
        f"# dsd-scan of {source}".replace("\n", " "),
        f"# {scan.score.blob}: {scan.dense:.6g} dense, {scan.together:.6g} with all of these",
    ]
    texts = {
        ".prototxt": "\n".join([*head, *layer_lines(scan.proposed)]) + "\n",
        ".json": json.dumps(_finite(scan.as_dict()), indent=1) + "\n",
    }
    written = []
    for ending, text in texts.items():
        path = Path(f"{prefix}{ending}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path, "w") as file:
            file.write(text)
        written.append(path)
    return written


def _shares(text: str | None) -> tuple[float, ...]:
    if text is None:
        return tuple(i / 10 for i in range(1, 10))
    try:
        found = sorted({float(part) for part in names(text)})
    except ValueError:
        found = []
    if not found or not all(0 < share < 1 for share in found):
        raise click.BadParameter(
            f"`{text}` is not a list of shares between 0 and 1, such as 0.3,0.5", param_hint="--sparsities")
    return tuple(found)


def _stem(path: str) -> str:
    """The path without the endings of a weight file."""
    for ending in (".h5", ".hdf5", ".caffemodel", ".safetensors"):
        path = path.removesuffix(ending)
    return path


def _finite(value: object) -> object:
    """Numbers that JSON has no word for as null."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not abs(value) < float("inf") else value


if __name__ == "__main__":
    main()
