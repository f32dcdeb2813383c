"""dsd-test: scores of a net with given weights, as ``caffe test``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.common import (
    Command,
    console,
    device_options,
    gpu_ids,
    lenient_option,
    names,
    python_option,
    state_options,
    workers_option,
)
from netdef.errors import FileError

if TYPE_CHECKING:
    import torch
    from rich.table import Table
    from torch import Tensor

    from dsd.observers.caffe_log import GlogFile
    from netdef.graph.net import Net


@click.command(cls=Command, epilog="""\b
Example:
  dsd-test --model=models/lenet/train_val.prototxt \\
           --weights=lenet_iter_10000.caffemodel --iterations=100
  dsd-test --model=models/lenet/train_val.prototxt \\
           --weights=lenet_iter_15000.caffemodel --audit
\b
Exit status: 0, or 1 if an audited mask did not hold, or 2 for a mistake.""")
@click.option("--model", required=True, type=click.Path(), help="The net file; its TEST phase is scored.")
@click.option("--weights", required=True, metavar="A,B", help="Weight files, of any kind.")
@click.option("--iterations", default=50, show_default=True, type=click.IntRange(min=1), help="How many batches.")
@device_options
@state_options
@workers_option
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**63 - 1), help="For whatever the net draws.")
@click.option("--log", metavar="FILE", type=click.Path(), help="Write each batch's scores here, in Caffe's own lines.")
@click.option("--audit", is_flag=True, help="Instead of scoring, check the weights against the masks that come with them.")
@click.option("--snapshot", metavar="FILE", type=click.Path(),
              help="For --audit: check this .solverstate too; that beside the weights is found.")
@lenient_option
@python_option
def main(
    model: str, weights: str, iterations: int, gpu: str | None, device: str | None, level: int, stages: tuple[str, ...],
    workers: int, seed: int, log: str | None, audit: bool, snapshot: str | None, lenient: bool, allow_python: bool,
) -> None:
    """Score a net on its own test data: the mean of every output over the batches."""
    if audit:
        return audit_masks(model, names(weights), snapshot, level, stages, lenient, allow_python)
    if snapshot:
        raise click.UsageError("--snapshot is for --audit")
    if gpu and device:
        raise click.UsageError("give --gpu or --device, not both")
    ids = gpu_ids(gpu)
    if len(ids) > 1:
        raise click.UsageError("dsd-test runs on one GPU")
    device = f"cuda:{ids[0]}" if ids else device or "cpu"

    import torch

    import netdef
    from dsd.observers.caffe_log import GlogFile
    from dsd.plan.nets import need_data

    torch.manual_seed(seed)
    net = netdef.load(model, "TEST", None, device, level, stages, lenient, allow_python)
    take_weights(net, names(weights))
    need_data(net)
    net.feeds.configure(seed)
    net.feeds.use_workers(workers)
    glog = GlogFile(Path(log)) if log else None
    scores = score(net, iterations, torch.device(device), glog)
    screen = console()
    screen.print(f"{model}, {iterations:,} batches", highlight=False, markup=False, soft_wrap=True)
    screen.print(scores_table(net, scores))
    if glog:
        glog.close()
        screen.print(f"log  {log}", highlight=False, markup=False)


def audit_masks(
    model: str, weights: tuple[str, ...], state: str | None, level: int, stages: tuple[str, ...], lenient: bool,
    allow_python: bool,
) -> None:
    """Print the audit of weight files. Raises `AuditError`, exit status 1, if a fact does not hold."""
    from dsd.engine.audit import AuditError, audit_table
    from dsd.training.audit_snapshot import audit_files, state_beside

    state = state or state_beside(weights[-1])
    audit = audit_files(model, weights, state, level=level, stages=stages, lenient=lenient, allow_python=allow_python)
    console().print(audit_table(audit))
    if not audit.holds:
        raise AuditError(audit)


def take_weights(net: Net, files: Sequence[str]) -> None:
    """Load weight files in turn and say what they leave out: a score with weights of chance is no score.

    Raises `FileError` for a file that has nothing for this net.
    """
    from netdef.weights.load import load_weights

    missing = dict.fromkeys(net.params)
    for file in files:
        report = load_weights(net, file)
        if net.params and not report.used:
            has = ", ".join(report.only_in_file) or "nothing"
            raise FileError(f"{file}: has none of the net's layers; it has {has}")
        if report.only_in_file:
            click.echo(report, err=True)
        for layer in report.used:
            missing.pop(layer, None)
    if missing:
        layers = ", ".join(f"`{layer}`" for layer in missing)
        click.echo(f"warning: no file has weights for {layers}: they are as the fillers drew them", err=True)


def score(net: Net, iterations: int, device: torch.device, glog: GlogFile | None) -> dict[str, Tensor]:
    """{output: its mean over the batches, element by element}; a line a batch and output goes to ``glog``."""
    import torch

    from dsd.evaluate.scores import Scores
    from dsd.observers.caffe_log import number

    say = glog.info if glog else lambda *line: None
    say("caffe.cpp:275", "Use CPU." if device.type == "cpu" else f"Use GPU with device ID {device.index or 0}")
    say("caffe.cpp:281", f"Running for {iterations} iterations.")
    scores = Scores(net)
    with torch.inference_mode():
        for batch in range(iterations):
            inputs = {name: tensor.to(device) for name, tensor in next(net.feeds).items()}
            outputs = net(**inputs)
            scores.add(outputs)
            for name, value in outputs.items():
                for element in value.flatten().tolist() if glog else ():
                    say("caffe.cpp:304", f"Batch {batch}, {name} = {number(element)}")
    means = scores.result()
    say("caffe.cpp:309", f"Loss: {number(float(net.loss(means)))}")
    for name, mean in means.items():
        weight = net.loss_weights.get(name, 0)
        for element in mean.flatten().tolist():
            share = f" (* {number(weight)} = {number(weight * element)} loss)" if weight else ""
            say("caffe.cpp:321", f"{name} = {number(element)}{share}")
    return means


def scores_table(net: Net, means: dict[str, Tensor]) -> Table:
    """A row an output; the loss that the weighted outputs add up to."""
    from rich.table import Table

    table = Table()
    table.add_column("output", overflow="fold")
    table.add_column("mean", justify="right")
    table.add_column("loss weight", justify="right")
    for name, mean in means.items():
        weight = net.loss_weights.get(name, 0)
        values = mean.flatten().tolist()
        for index, value in enumerate(values):
            which = f"{name}[{index}]" if len(values) > 1 else name
            table.add_row(which, f"{value:.6g}", f"{weight:g}" if weight else "")
    return table


if __name__ == "__main__":
    main()
