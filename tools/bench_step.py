"""Measure the time and the memory of a training step: our compiled nets beside the same nets written by hand.

``python tools/bench_step.py [--nets lenet,resnet50] [--rounds 15] [--threads 2] [--clock cpu] [--device cuda]``

A step is forward, backward and update. Ours is `dsd.Trainer`, dense and with 30% of the weights pruned. By hand it is an
idiomatic module with ``torch.optim.SGD(foreach=True)``: in torch's default layout, in channels_last, there with ``fused=True``
instead, and pruned by ``torch.nn.utils.prune``. Nets with LRN are also taken by hand with fused SGD and our LRN layers, which
tells how much of a difference is these alone. Weights are copied and losses compared first, so that all do the same work. Ours
is given batches in torch's default order; the nets by hand have theirs in their own order already.

All take turns in one process, so that a noisy machine is as noisy to each; ratios are of medians. Peak memory is that of a fresh
process which takes three steps, less what it used before the net was made. On a GPU memory is what torch counts there, and the
steps of a turn are timed together until the GPU is done.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import torch
from memory import peak_bytes
from rich.console import Console
from rich.table import Table
from subjects import SEED, SUBJECTS, trained, training_net
from torch import Tensor, nn
from torch.nn.utils import prune
from turns import CLOCKS, milliseconds, names_of, parser_of

import netdef
from dsd.seeds import seed_of
from dsd.training.trainer import Trainer
from netdef.definition.definitions import SolverDefinition
from netdef.definition.read import read_solver_text
from netdef.schema.messages import SolverParameter

RATE, MOMENTUM, DECAY, SPARSITY = 1e-4, 0.9, 5e-4, 0.3


class StepCandidate(NamedTuple):
    """One way to train a net. ``loss`` is that of the last step; ``parameters`` are in Caffe's order."""

    step: Callable[[], None]
    loss: Callable[[], float]
    parameters: list[Tensor]


def solver_of(name: str, sparsity: float | None) -> SolverDefinition:
    """A solver that trains a net on inputs."""
    length = "max_iter: 1000000"
    phase = f"dsd_phase {{ {length} sparsity: {sparsity} }}" if sparsity else length
    solver = read_solver_text(
        f"base_lr: {RATE} lr_policy: 'fixed' momentum: {MOMENTUM} weight_decay: {DECAY} random_seed: {SEED} {phase}"
    )
    message = SolverParameter()
    message.CopyFrom(solver.message)
    message.train_net_param.CopyFrom(training_net(name))
    return SolverDefinition(message, solver.where, ROOT)


def ours(name: str, device: torch.device, sparsity: float | None = None) -> StepCandidate:
    trainer = Trainer(solver_of(name, sparsity), device)
    inputs = SUBJECTS[name].inputs(device)
    return StepCandidate(lambda: trainer.step(1, inputs), lambda: trainer.loss, trained(trainer.net))


def by_hand(
    name: str, device: torch.device, layout: torch.memory_format = torch.contiguous_format, *,
    pruned: bool = False, fused: bool = False, lrn: Callable[[nn.LocalResponseNorm], nn.Module] | None = None,
) -> StepCandidate:
    subject = SUBJECTS[name]
    net = subject.by_hand().to(device)
    if lrn is not None:
        replace_lrn(net, lrn)
    if pruned:  # before the layout changes: prune takes contiguous weights only
        for module in [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))][1:]:
            prune.l1_unstructured(module, "weight", SPARSITY)
    net.to(memory_format=layout)
    parameters = list(net.parameters())
    biases = [p for p in parameters if p.ndim == 1]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1]},
        {"params": biases, "lr": subject.bias_rate * RATE, "weight_decay": subject.bias_decay * DECAY},
    ]
    optimizer = torch.optim.SGD(groups, RATE, momentum=MOMENTUM, weight_decay=DECAY, foreach=not fused, fused=fused)
    inputs = subject.inputs(device)
    data, labels = inputs["data"].contiguous(memory_format=layout), inputs["label"]
    last_loss = torch.zeros(())

    def step() -> None:
        nonlocal last_loss
        optimizer.zero_grad(set_to_none=True)
        loss = net(data, labels)
        loss.backward()
        optimizer.step()
        last_loss = loss.detach()

    return StepCandidate(step, lambda: float(last_loss), parameters)


def our_lrn(norm: nn.LocalResponseNorm) -> nn.Module:
    """Our layer that computes the same."""
    return netdef.loads(f"""
        layer {{ name: "data" type: "Input" top: "data" input_param {{ shape {{ dim: 1 dim: 8 dim: 1 dim: 1 }} }} }}
        layer {{ name: "norm" type: "LRN" bottom: "data" top: "norm"
                lrn_param {{ local_size: {norm.size} alpha: {norm.alpha} beta: {norm.beta} k: {norm.k} }} }}
    """).layers["norm"]


def replace_lrn(net: nn.Module, lrn: Callable[[nn.LocalResponseNorm], nn.Module]) -> None:
    for module in list(net.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.LocalResponseNorm):
                setattr(module, name, lrn(child))


DEFAULT, LAST, FUSED, OURS = "by hand", "by hand, channels_last", "by hand, fused SGD", "ours"
PRUNED, SPARSE, OUR_LRN = "by hand, pruned", "ours, sparse", "by hand, fused SGD, our LRN"
CANDIDATES: dict[str, Callable[[str, torch.device], StepCandidate]] = {
    DEFAULT: by_hand,
    LAST: partial(by_hand, layout=torch.channels_last),
    FUSED: partial(by_hand, layout=torch.channels_last, fused=True),
    OUR_LRN: partial(by_hand, layout=torch.channels_last, fused=True, lrn=our_lrn),
    OURS: ours,
    PRUNED: partial(by_hand, layout=torch.channels_last, pruned=True),
    SPARSE: partial(ours, sparsity=SPARSITY),
}


def candidates_of(name: str) -> list[str]:
    """Those that there are for a net."""
    with torch.device("meta"):
        has_lrn = any(isinstance(module, nn.LocalResponseNorm) for module in SUBJECTS[name].by_hand().modules())
    return [what for what in CANDIDATES if has_lrn or what != OUR_LRN]


def measured(name: str, device: torch.device, rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """The median time of a step of each candidate, in milliseconds."""
    made = {what: CANDIDATES[what](name, device) for what in candidates_of(name)}
    check_same_work(name, made)
    return milliseconds({what: candidate.step for what, candidate in made.items()}, OURS, rounds, clock, device)


def check_same_work(name: str, made: dict[str, StepCandidate]) -> None:
    """Give the dense ones our weights and let them take three steps: a different loss ends the benchmark."""
    for what in (DEFAULT, LAST):
        with torch.no_grad():
            for theirs, mine in zip(made[what].parameters, made[OURS].parameters, strict=True):
                theirs.copy_(mine)
    for iteration in range(3):
        for what in (DEFAULT, LAST, OURS):
            torch.manual_seed(seed_of(SEED, iteration, 0))  # as the trainer does, so that dropout draws the same
            made[what].step()
    mine, theirs = made[OURS].loss(), [made[what].loss() for what in (DEFAULT, LAST)]
    # A GPU's float32 convolutions have TF32 operands; and by hand, both memory orders part by 0.2% in ResNet-50.
    if not any(math.isclose(loss, mine, rel_tol=1e-3) for loss in theirs):
        sys.exit(f"{name}: after three steps the loss is {mine} with ours, {theirs[0]} by hand, {theirs[1]} in channels_last")


def megabytes(name: str, device: torch.device, what: str) -> float:
    """Peak memory of a candidate: on a GPU as torch counts it, else that of a fresh process."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return peak(name, device, what)
    threads = str(torch.get_num_threads())
    command = [sys.executable, __file__, "--peak", name, what, "--threads", threads, "--device", str(device)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def peak(name: str, device: torch.device, what: str) -> float:
    torch.optim.SGD([torch.zeros(1)], RATE)  # what the first optimizer imports is no net's
    before = peak_bytes(device)
    candidate = CANDIDATES[what](name, device)
    for _ in range(3):
        candidate.step()
    return (peak_bytes(device) - before) / 2**20


def table_of(name: str, times: dict[str, float], peaks: dict[str, float]) -> Table:
    shape = "x".join(map(str, SUBJECTS[name].batch))
    better = min(times[DEFAULT], times[LAST], times[FUSED])
    table = Table(title=f"{name}, {shape}", title_justify="left")
    table.add_column("")
    for heading in ("step, ms", "of better by hand", "of its dense", "peak, MiB"):
        table.add_column(heading, justify="right")
    dense = {PRUNED: LAST, SPARSE: OURS}
    for what, ms in times.items():
        of_dense = f"{ms / times[dense[what]]:.2f}" if what in dense else ""
        table.add_row(what, f"{ms:.1f}", f"{ms / better:.2f}", of_dense, f"{peaks[what]:.0f}")
    return table


def main() -> None:
    parser = parser_of(__doc__, SUBJECTS)
    parser.add_argument("--device", type=torch.device, default=torch.device("cpu"))
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.peak:
        name, what = arguments.peak
        print(peak(name, arguments.device, what))
        return
    names = names_of(arguments.nets, SUBJECTS, parser)
    # First, for a process begins with its parent's peak, and ours is about to grow.
    device = arguments.device
    peaks = {name: {what: megabytes(name, device, what) for what in candidates_of(name)} for name in names}
    console = Console()
    where = f"threads: {torch.get_num_threads()}" if device.type == "cpu" else torch.get_device_module(device).get_device_name()
    console.print(f"torch {torch.__version__}, {where}, {arguments.rounds} rounds, {arguments.clock} time")
    for name in names:
        times = measured(name, device, arguments.rounds, CLOCKS[arguments.clock])
        console.print(table_of(name, times, peaks[name]))


if __name__ == "__main__":
    main()
