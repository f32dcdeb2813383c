"""Measure the cost of pycaffe's interface: its passes and solver steps beside those of the net and the trainer.

``python tools/bench_pycaffe.py [--nets lenet,alexnet] [--rounds 15] [--threads 2] [--clock cpu]``

Forward passes are of one batch through ``models/<net>/deploy.prototxt``, or of one image through a net of today:
``net(x)`` without gradients, `caffe.Net.forward` of a script that reads the outputs only, and of one that holds the
arrays of all blobs. Steps are of ``train_val.prototxt`` with inputs in place of the data layer: the trainer's, a
solver's, and a solver's whose script holds all arrays, those of weights and gradients too. All of a net stand in one
process and take turns; ratios are of medians.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import numpy as np
import torch
from bench_step import solver_of
from rich.console import Console
from rich.table import Table
from subjects import SEED, SUBJECTS, deploy_net
from turns import CLOCKS, milliseconds, names_of, parser_of

import netdef
from dsd.pycaffe.solver_types import SGDSolver
from dsd.training.trainer import Trainer
from netdef.pycaffe import mode
from netdef.pycaffe.net import Net
from netdef.schema import messages

Ways = dict[str, Callable[[], object]]
PASS, STEP = "net(x)", "trainer.step(1)"


def holding(arrays: Sequence[np.ndarray], way: Callable[[], object]) -> Callable[[], object]:
    """The same way; the arrays live as long as it does. A pass updates only those that something holds."""

    def run() -> object:
        assert arrays
        return way()

    return run


def passes(name: str, folder: Path) -> Ways:
    """A forward pass: the net's, and pycaffe's with few and with all arrays asked for."""
    path = ROOT / "models" / name / "deploy.prototxt"
    if not path.exists():
        path = folder / "deploy.prototxt"
        path.write_text(str(deploy_net(name, 1)))
    module = netdef.load(path)
    nets = [Net(path, messages.TEST) for _ in range(2)]
    (batch,) = (torch.randn(module.shapes[blob], generator=torch.Generator().manual_seed(SEED)) for blob in module.inputs)
    for net in nets:
        for key, blobs in net.module.params.items():
            for mine, theirs in zip(blobs, module.params[key]):
                mine.data.copy_(theirs)
        net.blobs[net.inputs[0]].data[...] = batch.numpy()
    few, every = nets
    held = [blob.data for blob in every.blobs.values()]

    def run() -> dict[str, torch.Tensor]:
        with torch.no_grad():
            return module(batch)

    for net in nets:
        for blob, array in net.forward().items():
            np.testing.assert_allclose(array, run()[blob].numpy(), rtol=1e-4, atol=1e-6)
    return {PASS: run, "forward(), outputs read": few.forward,
            f"forward(), {len(held)} arrays held": holding(held, every.forward)}


def steps(name: str, folder: Path) -> Ways:
    """An iteration: the trainer's, and a solver's with few and with all arrays asked for."""
    definition = solver_of(name, sparsity=None)
    trainer = Trainer(definition, "cpu")
    inputs = SUBJECTS[name].inputs(torch.device("cpu"))
    file = folder / "solver.prototxt"
    file.write_text(str(definition.message))
    few, every = SGDSolver(file), SGDSolver(file)
    for solver in (few, every):
        for blob in solver.net.inputs:
            solver.net.blobs[blob].data[...] = inputs[blob].numpy()
    blobs = [*every.net.blobs.values(), *(blob for blobs in every.net.params.values() for blob in blobs)]
    held = [array for blob in blobs for array in (blob.data, blob.diff)]

    def run() -> None:
        trainer.step(1, inputs)

    for _ in range(2):
        run()
        few.step(1)
        every.step(1)
    for solver in (few, every):
        for entry, other in zip(trainer.net.learnable, solver.trainer.net.learnable):
            if not torch.equal(entry.tensor, other.tensor):
                sys.exit(f"{name}: after two steps the weights of a solver are not the trainer's")
    return {STEP: run, "solver.step(1)": lambda: few.step(1),
            f"solver.step(1), {len(held)} arrays held": holding(held, lambda: every.step(1))}


def main() -> None:
    parser = parser_of(__doc__, SUBJECTS)
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    mode.choices.log_level = 2
    console = Console()
    console.print(f"torch {torch.__version__}, threads: {torch.get_num_threads()}, {given.rounds} rounds, {given.clock} time")
    for name in names_of(given.nets, SUBJECTS, parser):
        table = Table(title=name, title_justify="left")
        for heading in ("", "ms", "ratio"):
            table.add_column(heading, justify="right" if heading else "left")
        with tempfile.TemporaryDirectory() as folder:
            for base, ways in ((PASS, passes(name, Path(folder))), (STEP, steps(name, Path(folder)))):
                times = milliseconds(ways, base, given.rounds, CLOCKS[given.clock], torch.device("cpu"))
                for what, ms in times.items():
                    table.add_row(what, f"{ms:.2f}", f"{ms / times[base]:.2f}")
        console.print(table)


if __name__ == "__main__":
    main()
