"""Measure a training step under masks: dense, attached phases, and `torch.nn.utils.prune`, in one process by turns.

``python tools/bench_attach.py [--nets resnet50] [--batch 16] [--rounds 9] [--threads 2] [--clock cpu] [--fused]``

The nets have the parameters of ResNet-50 (25.6 million in 161 tensors, on images of ``--size`` pixels) and of a transformer
(8 encoder layers of width 512, 25.2 million in 96, on sequences of 128). A step is forward, backward and the optimiser's. Each
case has a copy of the net of its own; they take turns, so that a noisy machine is as noisy to all. Ratios are of medians to
the dense step's. Masks cost the same whatever the batch, so their share falls as batches grow. So does that of the zeros in
Adam's state: on a CPU torch takes their square roots slowly, but not in its ``--fused`` kernels.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from torch.nn.utils import prune
from turns import CLOCKS

import dsd

Step = Callable[[], None]
SPARSITY = 0.3


class Bottleneck(nn.Module):
    """ResNet's block of three convolutions."""

    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()

        def layer(before: int, after: int, kernel: int, stride: int) -> nn.Sequential:
            conv = nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False)
            return nn.Sequential(conv, nn.BatchNorm2d(after))

        self.one, self.two = layer(inputs, width, 1, 1), layer(width, width, 3, stride)
        self.three = layer(width, 4 * width, 1, 1)
        self.skip = nn.Identity() if inputs == 4 * width and stride == 1 else layer(inputs, 4 * width, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        return (self.skip(x) + self.three(self.two(self.one(x).relu()).relu())).relu()


def resnet50() -> nn.Sequential:
    """ResNet-50."""
    layers: list[nn.Module] = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for width, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            layers.append(Bottleneck(inputs, width, stride if block == 0 else 1))
            inputs = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))


def transformer() -> nn.Sequential:
    """Encoder layers of width 512."""
    return nn.Sequential(*(nn.TransformerEncoderLayer(512, 8, 2048, dropout=0.0, batch_first=True) for _ in range(8)))


def make(name: str, batch: int, size: int, fused: bool) -> tuple[nn.Module, Tensor, Callable[[nn.Module], torch.optim.Optimizer]]:
    """A net, a batch and its usual optimiser."""
    torch.manual_seed(1)
    if name == "resnet50":
        return resnet50(), torch.randn(batch, 3, size, size), lambda net: torch.optim.SGD(
            net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4, fused=fused)
    return transformer(), torch.randn(batch, 128, 512), lambda net: torch.optim.AdamW(
        net.parameters(), lr=1e-4, fused=fused)


def dense(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Prepare nothing: all weights stay."""


def attached(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """`dsd.attach` in a sparse phase."""
    dsd.attach(net, optimizer, [dsd.Sparse(1_000_000, sparsity=SPARSITY)])


def attached_dense(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """`dsd.attach` in a dense phase."""
    dsd.attach(net, optimizer, [dsd.Dense(1_000_000)])


def torch_prune(net: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """`torch.nn.utils.prune` on the same weights, but for the output projections of attention, whose forward it cannot hook."""
    probe = copy.deepcopy(net)
    run = dsd.attach(probe, torch.optim.SGD(probe.parameters(), lr=0.1), [dsd.Sparse(1, sparsity=SPARSITY)])
    for key in run.masks:
        module, _, name = key.rpartition(".")
        if not module.endswith("out_proj"):
            prune.l1_unstructured(net.get_submodule(module), name, SPARSITY)


CASES = {"dense": dense, "attached, dense phase": attached_dense, "attached, sparse phase": attached,
         "torch.nn.utils.prune": torch_prune}


def step_of(net: nn.Module, batch: Tensor, optimizer: torch.optim.Optimizer, device: torch.device) -> Step:
    """One step of training."""

    def step() -> None:
        optimizer.zero_grad()
        net(batch).square().mean().backward()
        optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize()

    return step


def measure(name: str, options: argparse.Namespace, device: torch.device) -> dict[str, list[float]]:
    """{case: seconds of each round}; the first two rounds do not count."""
    net, batch, optimizer_of = make(name, options.batch, options.size, options.fused)
    batch, steps = batch.to(device), {}
    for case, prepare in CASES.items():
        own = copy.deepcopy(net).to(device)
        optimizer = optimizer_of(own)
        prepare(own, optimizer)
        steps[case] = step_of(own, batch, optimizer, device)
    seconds: dict[str, list[float]] = {case: [] for case in CASES}
    cases, clock = list(CASES), CLOCKS[options.clock]
    for number in range(options.rounds + 2):
        turn = number % len(cases)
        for case in cases[turn:] + cases[:turn]:
            began = clock()
            steps[case]()
            if number > 1:
                seconds[case].append(clock() - began)
    return seconds


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", nargs="+", choices=["resnet50", "transformer"], default=["resnet50", "transformer"])
    parser.add_argument("--batch", type=int, default=16, help="items of a batch")
    parser.add_argument("--size", type=int, default=160, help="pixels of a side of ResNet's images")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--fused", action="store_true", help="the fused kernels of torch's optimisers")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu: processor time, on a busy machine")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    console = Console()
    for name in options.nets:
        seconds = measure(name, options, torch.device(options.device))
        base = statistics.median(seconds["dense"])
        title = f"{name}, batch {options.batch}, {options.threads} threads, {options.device}{', fused' * options.fused}"
        table = Table(title=title, title_justify="left")
        for heading in ("case", "milliseconds", "of dense"):
            table.add_column(heading, justify="left" if heading == "case" else "right")
        for case, times in seconds.items():
            median = statistics.median(times)
            table.add_row(case, f"{1000 * median:.1f}", f"{median / base:.3f}")
        console.print(table)


if __name__ == "__main__":
    main()
