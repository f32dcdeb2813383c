"""dsd-test: scores of a net with given weights, as ``caffe test``."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.compute import ComputeOptions, compute_options
from dsd.cli.shared.devices import Devices, one_gpu_options
from dsd.cli.shared.options import NAMES, ReadOptions, option_group, read_options, workers_option
from dsd.cli.shared.overwrite import check_target
from dsd.cli.shared.screen import console
from dsd.cli.shared.weights import load_all_weights

if TYPE_CHECKING:
    import torch
    from rich.table import Table
    from torch import Tensor

    from dsd.compute.precision import Forward
    from dsd.evaluate.epoch import Batches
    from dsd.observers.glog_file import GlogFile
    from netdef.graph.net import Net


@dataclass(frozen=True)
class BatchOptions:
    """The number of batches to score, None for those with each item once, and how they are made."""

    iterations: int | None
    workers: int
    seed: int


@dataclass(frozen=True)
class AuditOptions:
    """Whether to audit masks instead of computing scores; ``snapshot`` is a state to audit as well."""

    audit: bool
    snapshot: str | None

    def __post_init__(self) -> None:
        if self.snapshot and not self.audit:
            raise click.UsageError("--snapshot is for --audit")


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-test --model=models/lenet/train_val.prototxt \\
           --weights=lenet_iter_10000.caffemodel --iterations=100
  dsd-test --model=models/lenet/train_val.prototxt \\
           --weights=lenet_iter_15000.caffemodel --audit

\b
Exit status: 0, or 1 if a score is not finite or a mask did not hold, or 2 for
a mistake.""")
@click.option("--model", required=True, metavar="NET", type=click.Path(), help="The net file; its TEST phase is scored.")
@click.option("--weights", required=True, type=NAMES, metavar="A,B", help="Weight files, of any kind.")
@option_group(
    "batches", BatchOptions,
    click.option("--iterations", metavar="N", type=click.IntRange(min=1),
                 help="Batches. [default: each item once; 50 if data have no end]"),
    workers_option,
    click.option("--seed", default=0, metavar="N", type=click.IntRange(0, 2**63 - 1),
                 help="Seed of whatever the net draws. [default: 0]"),
)
@one_gpu_options
@read_options
@compute_options
@click.option("--log", metavar="FILE", type=click.Path(), help="Write each batch's scores here, in Caffe's own lines.")
@option_group(
    "audit", AuditOptions,
    click.option("--audit", is_flag=True, help="Do not score; check the weights against the masks beside them."),
    click.option("--snapshot", metavar="FILE", type=click.Path(),
                 help="For --audit: a .solverstate to check, too. [default: that beside the weights]"),
)
def main(
    model: str, weights: tuple[str, ...], batches: BatchOptions, devices: Devices, read: ReadOptions,
    compute: ComputeOptions, log: str | None, audit: AuditOptions,
) -> None:
    """Score a net on its own test data: the mean of every output over the batches."""
    if audit.audit:
        if log or batches.iterations:
            raise click.UsageError("--audit scores nothing: leave out --log and --iterations")
        return audit_masks(model, weights, audit.snapshot, read)
    check_target(log, force=True)
    device = devices.one() or "cpu"

    import torch

    from dsd.compute.compiled import pass_of
    from dsd.compute.precision import Precision
    from dsd.evaluate.epoch import batches_of
    from dsd.evaluate.not_finite import describe_not_finite
    from dsd.observers.glog_file import GlogFile
    from dsd.plan.nets import need_data
    from netdef.api import load
    from netdef.graph.not_finite import NotFiniteError

    torch.manual_seed(batches.seed)
    net = load(model, "TEST", None, device, read.level, read.stages, **read.flags)
    load_all_weights(net, weights)
    need_data(net)
    net.freeze()
    precision = Precision(compute.precision, device)
    forward = pass_of(net, precision, compute.compile)
    net.feeds.configure(batches.seed)
    net.feeds.use_workers(batches.workers)
    glog = GlogFile(Path(log)) if log else None
    scored = batches_of(net, batches.iterations)
    scores = score(net, scored, torch.device(device), glog, forward)
    screen = console()
    screen.print(f"{model}, {scored}", highlight=False, markup=False, soft_wrap=True)
    screen.print(scores_table(net, scores))
    if glog:
        glog.close()
        screen.print(f"log  {log}", highlight=False, markup=False)
    if found := describe_not_finite(net, scores, scored, precision, torch.device(device)):
        raise NotFiniteError(found)


def audit_masks(model: str, weights: tuple[str, ...], state: str | None, read: ReadOptions) -> None:
    """Print the audit of weight files. Raises `AuditError`, exit status 1, if a check fails."""
    from dsd.engine.audit import AuditError
    from dsd.observers.audit_table import audit_table
    from dsd.training.audit_snapshot import audit_files, state_beside

    audit = audit_files(model, weights, state or state_beside(weights[-1]), level=read.level, stages=read.stages, **read.flags)
    console().print(audit_table(audit))
    if not audit.holds:
        raise AuditError(audit)


def score(
    net: Net, batches: Batches, device: torch.device, glog: GlogFile | None, forward: Forward
) -> dict[str, Tensor]:
    """{output: its mean over the batches, element by element}. Each batch's outputs are written to ``glog``.

    ``forward`` is a pass of the net.
    """
    import torch

    from dsd.evaluate.scores import Scores
    from dsd.observers.caffe_log import value_texts
    from dsd.observers.debug_info import DebugLines
    from dsd.observers.glog_file import device_line, number
    from netdef.graph.watch import watched

    log = glog.info if glog else lambda *line: None
    log("caffe.cpp:275", device_line(device))
    log("caffe.cpp:281", f"Running for {batches.count} iterations.")
    scores, debug = Scores(net), DebugLines(net)
    logged = watched(net, debug) if glog and net.spec.message.debug_info else nullcontext()
    with torch.inference_mode(), logged:
        for batch in range(batches.count):
            inputs = {name: tensor.to(device) for name, tensor in batches.cut(batch, next(net.feeds)).items()}
            outputs = forward(**inputs)
            scores.add(outputs, batches.share(batch))
            for line in debug.take():
                log(*line)
            for name, value in outputs.items():
                for element in value.flatten().tolist() if glog else ():
                    log("caffe.cpp:304", f"Batch {batch}, {name} = {number(element)}")
    means = scores.result()
    log("caffe.cpp:309", f"Loss: {number(float(net.loss(means)))}")
    for name, mean in means.items():
        for text in value_texts(net, name, mean):
            log("caffe.cpp:321", text)
    return means


def scores_table(net: Net, means: dict[str, Tensor]) -> Table:
    """A row for each output: its mean and its loss weight."""
    from rich.table import Table

    from dsd.display.number_text import number_text

    table = Table()
    table.add_column("output", overflow="fold")
    table.add_column("mean", justify="right")
    table.add_column("loss weight", justify="right")
    for name, mean in means.items():
        weight = net.loss_weights.get(name, 0)
        values = mean.flatten().tolist()
        for index, value in enumerate(values):
            which = f"{name}[{index}]" if len(values) > 1 else name
            table.add_row(which, number_text(value, ".6g"), f"{weight:g}" if weight else "")
    return table


if __name__ == "__main__":
    main()
