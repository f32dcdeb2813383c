"""dsd-train: train the net of a solver file, with the flags of ``caffe train``."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.compute import ComputeOptions, compute_options
from dsd.cli.shared.devices import Devices, gpus_options
from dsd.cli.shared.options import NAMES, ReadOptions, option_group, read_options, workers_option
from dsd.cli.shared.screen import console

if TYPE_CHECKING:
    from rich.console import Console

    from dsd.training.events import Observer
    from dsd.training.trainer import Trainer

_EFFECTS = click.Choice(["stop", "snapshot", "none"])


@dataclass(frozen=True)
class StartOptions:
    """The flags that replace the solver's own settings."""

    weights: tuple[str, ...]
    sparsity: float | None
    max_iter: int | None
    patience: int | None
    seed: int | None
    settings: tuple[str, ...]


@dataclass(frozen=True)
class OriginOptions:
    """The snapshot that the run goes on from, if any; at most one of them is given."""

    snapshot: str | None
    resume: str | None

    def __post_init__(self) -> None:
        if self.snapshot and self.resume:
            raise click.UsageError("give --snapshot or --resume, not both")


@dataclass(frozen=True)
class OutputOptions:
    """The files of log and metrics to write, and the snapshots to keep."""

    keep: int | None
    keep_best: str | None
    log: str | None
    tensorboard: str | None


@dataclass(frozen=True)
class StopOptions:
    """The effects of Ctrl-C, of a hang-up and of a loss that is not finite."""

    sigint_effect: str
    sighup_effect: str
    on_nan: str


def _one_solver(file: str | None, solver: str | None) -> str:
    """The solver file, given as an argument or as --solver."""
    if file and solver and file != solver:
        raise click.UsageError(f"two solver files are given: `{file}` and `{solver}`")
    found = file or solver
    if not found:
        raise click.UsageError("need a solver definition to train: dsd-train solver.prototxt")
    return found


def _only_train(ctx: click.Context, param: click.Parameter, phase: str | None) -> None:
    """A click callback that refuses --phase TEST."""
    if phase == "TEST":
        raise click.UsageError("--phase TEST: dsd-train trains the TRAIN net; dsd-test tests")


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-train solver.prototxt --sparsity 0.3
  torchrun --max-restarts 3 -m -- dsd train solver.prototxt --resume auto

\b
Exit status 1: loss not finite; 130, 143: Ctrl-C, SIGTERM, with a snapshot.""")
@option_group(
    "path", _one_solver,
    click.argument("file", metavar="[SOLVER]", required=False, type=click.Path()),
    click.option("--solver", metavar="FILE", type=click.Path(), help="The solver file; the same as the argument."),
)
@option_group(
    "origin", OriginOptions,
    click.option("--snapshot", metavar="FILE", type=click.Path(), help="Go on from this .solverstate."),
    click.option("--resume", metavar="auto", type=click.Choice(["auto"]),
                 help="From the newest snapshot, or from the start."),
)
@option_group(
    "start", StartOptions,
    click.option("--weights", default="", type=NAMES, metavar="A,B", help="Start from these, instead of the solver's."),
    click.option("--sparsity", type=float, metavar="S", help="Add sparse and re-dense phases to a plain solver."),
    click.option("--max_iter", type=click.IntRange(min=0), metavar="N", help="Last iteration, instead of the solver's."),
    click.option("--patience", type=click.IntRange(min=1), metavar="N",
                 help="End a phase after N tests without a gain."),
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="N", help="Instead of random_seed."),
    click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE",
                 help="Set a field: dsd_phase[1].sparsity=0.5. Repeatable."),
)
@gpus_options
@read_options
@workers_option
@compute_options
@click.option("--phase", type=click.Choice(["TRAIN", "TEST"]), hidden=True, expose_value=False, callback=_only_train)
@option_group(
    "stops", StopOptions,
    click.option("--sigint_effect", type=_EFFECTS, default="stop", metavar="EFFECT",
                 help="Ctrl-C: stop, snapshot or none. [default: stop]"),
    click.option("--sighup_effect", type=_EFFECTS, default="snapshot", metavar="EFFECT",
                 help="Hang-up: stop, snapshot or none. [default: snapshot]"),
    click.option("--on-nan", type=click.Choice(["stop", "continue"]), default="stop", metavar="EFFECT",
                 help="Loss not finite: stop or continue. [default: stop]"),
)
@option_group(
    "outputs", OutputOptions,
    click.option("--keep", metavar="N", type=click.IntRange(min=1),
                 help="Keep the last N, and those of phases' ends."),
    click.option("--keep-best", metavar="OUTPUT", help="Keep the best too: accuracy, loss, ..."),
    click.option("--log", metavar="FILE", type=click.Path(), help="Log here, not beside the snapshots; .jsonl, too."),
    click.option("--tensorboard", metavar="DIR", type=click.Path(file_okay=False), help="Write metrics for TensorBoard here."),
)
def main(
    path: str, origin: OriginOptions, start: StartOptions, devices: Devices, read: ReadOptions, workers: int,
    compute: ComputeOptions, stops: StopOptions, outputs: OutputOptions,
) -> None:
    """Train the net of a SOLVER file through its phases, or as Caffe does."""
    if origin.snapshot and start.weights:
        raise click.UsageError("give a --snapshot to resume training, or --weights to finetune, but not both")
    if outputs.log and Path(outputs.log).is_dir():
        raise click.UsageError(f"--log {outputs.log} is a folder; name a file in it")
    device = devices.of_this_process()

    from dsd.distributed import World
    from dsd.training.trainer import Trainer

    trainer = Trainer.from_file(
        path, device, level=read.level, stages=read.stages, workers=workers, world=World.join(),
        **asdict(compute), **read.flags, **asdict(start))
    with trainer.alone():
        stopped_by = _run(trainer, origin, stops, outputs)
    trainer.world.leave()
    if stopped_by is not None:
        sys.exit(128 + stopped_by)  # what shells expect of a program that a signal has ended


def _run(trainer: Trainer, origin: OriginOptions, stops: StopOptions, outputs: OutputOptions) -> int | None:
    """Train to the end under the observers that write the log, the metrics and the screen.

    Returns the signal that stopped the run before its end, or None.
    """
    from dsd.cli.shared.resume import keep_earlier_files, restore_newest
    from dsd.observers.caffe_log import CaffeLog
    from dsd.observers.finite_watch import FiniteWatch
    from dsd.observers.metrics import JsonLines
    from dsd.observers.progress import ProgressReport
    from dsd.observers.signals import Signals
    from dsd.observers.summary import Summary
    from dsd.observers.weight_record import WeightRecord
    from dsd.plan.nets import need_data
    from dsd.plan.settings import snapshot_prefix

    screen = console()
    log_file = Path(outputs.log or f"{snapshot_prefix(trainer.spec)}.log")
    metrics_file = log_file.with_name(f"{log_file.name.removesuffix('.log')}.jsonl")
    snapshot = restore_newest(trainer, metrics_file) if origin.resume else origin.snapshot
    if origin.snapshot:
        trainer.restore(origin.snapshot)
    _say_from_where(trainer, snapshot, screen)
    need_data(trainer.net, *trainer.test_nets)
    wanted = _wanted_observers(trainer, outputs, metrics_file)
    if trainer.world.rank == 0:
        keep_earlier_files(trainer, log_file, metrics_file)
    signals = Signals(stops.sigint_effect, stops.sighup_effect)
    files = {"log": log_file, "metrics": metrics_file}
    with ProgressReport(screen, files) as progress:
        summary = Summary(screen, files)
        metrics = JsonLines(metrics_file)
        trainer.observers += [
            signals, FiniteWatch(stops.on_nan == "stop", snapshot), CaffeLog(log_file, snapshot), metrics,
            WeightRecord(metrics), progress, summary, *wanted]
        try:
            trainer.run()
        finally:
            signals.release()
    return signals.stopped_by if trainer.iteration < trainer.max_iter else None


def _wanted_observers(trainer: Trainer, outputs: OutputOptions, metrics: Path) -> list[Observer]:
    """The observers that flags ask for. Raises `NetdefError` for what they cannot do, before a file is renamed."""
    from dsd.observers.keep_best import KeepBest
    from dsd.observers.keep_snapshots import KeepSnapshots
    from dsd.observers.tensorboard import TensorBoard

    found: list[Observer] = [KeepSnapshots(outputs.keep, metrics)] if outputs.keep else []
    if outputs.keep_best:
        best = KeepBest(outputs.keep_best, metrics)
        best.check(trainer)
        found.append(best)
    if outputs.tensorboard:
        found.append(TensorBoard(outputs.tensorboard))
    return found


def _say_from_where(trainer: Trainer, snapshot: str | Path | None, screen: Console) -> None:
    """Print the snapshot that the run goes on from, else what was loaded of its weight files."""
    lines = [str(report) for report in trainer.loaded]
    if snapshot:
        given = ", ".join(report.path for report in trainer.loaded)
        lines = [f"going on from {snapshot}" + (f"; its weights count, not those of {given}" if given else "")]
    for line in lines:
        screen.print(line, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
