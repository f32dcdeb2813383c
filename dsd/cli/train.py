"""dsd-train: a solver file from its first iteration to its last, with the flags of ``caffe train``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

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

EFFECTS = click.Choice(["stop", "snapshot", "none"])


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-train models/lenet/solver.prototxt
  dsd-train models/lenet/solver.prototxt --sparsity 0.3
  dsd-train models/lenet/solver.prototxt --weights pretrained.caffemodel
  dsd-train models/lenet/solver.prototxt --snapshot lenet_iter_5000.solverstate
  dsd-train --solver=models/lenet/solver.prototxt --gpu all
\b
Writes snapshots named by the solver's snapshot_prefix, and beside them
<snapshot_prefix>.log (Caffe's own lines) and <snapshot_prefix>.jsonl.""")
@click.argument("file", metavar="[SOLVER]", required=False, type=click.Path())
@click.option("--solver", type=click.Path(), help="The solver file; the same as the argument.")
@click.option("--weights", metavar="A,B", help="Start from these weight files instead of the solver's `weights`.")
@click.option("--snapshot", metavar="FILE", type=click.Path(), help="Go on from this .solverstate.")
@click.option("--sparsity", type=float, help="Add a sparse and a re-dense phase to a solver without phases.")
@click.option("--max_iter", type=click.IntRange(min=0), help="End at this iteration instead of the solver's.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Instead of the solver's random_seed.")
@device_options
@state_options
@workers_option
@click.option("--phase", type=click.Choice(["TRAIN", "TEST"]), hidden=True)
@click.option("--sigint_effect", type=EFFECTS, default="stop", show_default=True, help="What Ctrl-C does.")
@click.option("--sighup_effect", type=EFFECTS, default="snapshot", show_default=True, help="What a hang-up does.")
@click.option("--log", metavar="FILE", type=click.Path(), help="Log here; the JSON lines go beside it.")
@lenient_option
@python_option
def main(
    file: str | None, solver: str | None, weights: str | None, snapshot: str | None, sparsity: float | None,
    max_iter: int | None, seed: int | None, gpu: str | None, device: str | None, level: int, stages: tuple[str, ...],
    workers: int, phase: str | None, sigint_effect: str, sighup_effect: str, log: str | None, lenient: bool,
    allow_python: bool,
) -> None:
    """Train the net of a SOLVER file through its phases; a solver without phases is trained as Caffe does."""
    path = _one_solver(file, solver)
    if snapshot and weights:
        raise click.UsageError("give a --snapshot to resume training, or --weights to finetune, but not both")
    if gpu and device:
        raise click.UsageError("give --gpu or --device, not both")
    if phase == "TEST":
        raise click.UsageError("--phase TEST: dsd-train trains the TRAIN net; dsd-test tests")
    if log and Path(log).is_dir():
        raise click.UsageError(f"--log {log} is a folder; name a file in it")
    if gpu:
        device = _take_gpus(gpu)

    from dsd.distributed import World
    from dsd.observers.caffe_log import CaffeLog
    from dsd.observers.metrics import JsonLines
    from dsd.observers.progress import ProgressReport
    from dsd.observers.signals import Signals
    from dsd.observers.summary import Summary
    from dsd.observers.weight_record import Record
    from dsd.plan.prepare import examine
    from dsd.plan.settings import snapshot_prefix
    from dsd.training.trainer import Trainer
    from netdef.errors import SpecError

    screen = console()
    try:
        trainer = Trainer.from_file(
            path, device, weights=names(weights), sparsity=sparsity, max_iter=max_iter, seed=seed,
            level=level, stages=stages, world=World.join(), lenient=lenient, allow_python=allow_python,
            workers=workers)
    except SpecError:
        # One stage of reading complains; say all that is wrong at once.
        examine(path, level, stages, sparsity, lenient=lenient, allow_python=allow_python)
        raise
    for report in trainer.loaded:
        screen.print(str(report), markup=False, highlight=False, soft_wrap=True)
    if snapshot:
        trainer.restore(snapshot)
    logged = Path(log or f"{snapshot_prefix(trainer.spec)}.log")
    lines = logged.with_name(f"{logged.name.removesuffix('.log')}.jsonl")
    signals = Signals(sigint_effect, sighup_effect)
    with ProgressReport(screen) as progress:
        summary = Summary(screen, {"log": logged, "metrics": lines})
        metrics = JsonLines(lines)
        trainer.observers += [signals, CaffeLog(logged, snapshot), metrics, Record(metrics), progress, summary]
        try:
            trainer.run()
        finally:
            signals.release()


def _one_solver(file: str | None, solver: str | None) -> str:
    if file and solver and file != solver:
        raise click.UsageError(f"two solver files are given: `{file}` and `{solver}`")
    if not (file or solver):
        raise click.UsageError("need a solver definition to train: dsd-train solver.prototxt")
    return file or solver


def _take_gpus(gpu: str) -> str:
    """This process's device. Several GPUs become a process each, started by torchrun: that call does not return."""
    if "LOCAL_RANK" in os.environ:
        return f"cuda:{os.environ['LOCAL_RANK']}"
    ids = gpu_ids(gpu)
    if len(ids) == 1:
        return f"cuda:{ids[0]}"
    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(map(str, ids))
    run = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={len(ids)}", "-m", "dsd.cli.train"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *run, *sys.argv[1:]])


if __name__ == "__main__":
    main()
