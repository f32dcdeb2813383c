"""Measure building a net from its files and running it: ours beside by hand, onnxruntime and OpenCV.

``python tools/bench_infer.py [--nets squeezenet,resnet50] [--batches 1,16] [--rounds 15] [--threads 2] [--clock cpu]``

All read the same weights from files that this script writes:

- ours a prototxt and a ``.caffemodel``, with weights that take no gradient, so that layers may be folded;
- by hand a ``state_dict``, in torch's default layout and in channels_last;
- onnxruntime the ``.onnx`` of `dsd-convert`, OpenCV's dnn (version 4; later ones do not read them) prototxt and ``.caffemodel``,
  if they are installed.

A build is from these files; what reading the prototxt takes of ours stands beside it. Outputs are compared first. All take
turns in one process, so that a noisy machine is as noisy to each; ratios are of medians.
Peak memory is that of a fresh process which builds the net and runs it three times, less what it used before.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import torch
from handwritten import Classifier
from memory import peak_bytes
from rich.console import Console
from rich.table import Table
from subjects import SEED, SUBJECTS, deploy_net, trained
from torch import Tensor, nn
from turns import CLOCKS, milliseconds, names_of, parser_of

import netdef
from netdef.convert.exported import save_onnx
from netdef.definition.read import read_net
from netdef.graph.net import Net
from netdef.text.write import message_text

CPU = torch.device("cpu")
Runner = Callable[[], Tensor]
"""Runs a net on the images it was made with, and returns the probabilities."""


def images(name: str, batch: int) -> Tensor:
    return SUBJECTS[name].inputs(CPU, batch)["data"]


def prototxt(folder: Path, batch: int) -> Path:
    return folder / f"net_{batch}.prototxt"


def write_files(name: str, folder: Path, batches: list[int]) -> None:
    """Write prototxts, weights and what is converted from them. Statistics of BatchNorm are those of a batch."""
    torch.manual_seed(SEED)
    by_hand = SUBJECTS[name].by_hand()
    for module in by_hand.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        by_hand.logits(images(name, 4))
    torch.save(by_hand.state_dict(), folder / "net.pt")
    for batch in batches:
        prototxt(folder, batch).write_text(message_text(deploy_net(name, batch)))
    net = netdef.load(prototxt(folder, batches[-1]))
    copy_weights(by_hand, net)
    netdef.save_weights(net, folder / "net.caffemodel")
    if ONNX in CANDIDATES and (fixed := save_onnx(net, folder / "net.onnx")) is not None:
        sys.exit(f"{name}: the .onnx has a fixed number of items: {fixed}")


@torch.no_grad()
def copy_weights(by_hand: Classifier, net: Net) -> None:
    """Give a net the weights of the module by hand; what only trains it has no place there."""
    parameters = [p for key, p in by_hand.named_parameters() if not key.startswith("auxiliary")]
    for mine, theirs in zip(trained(net), parameters, strict=True):
        mine.copy_(theirs)
    norms = [layer for layer in net.layers.values() if layer.type_name == "BatchNorm"]
    for layer, norm in zip(norms, (m for m in by_hand.modules() if isinstance(m, nn.BatchNorm2d)), strict=True):
        layer.blob("mean_sum").copy_(norm.running_mean)
        layer.blob("variance_sum").copy_(norm.running_var)
        layer.blob("factor").fill_(1)


def ours(name: str, folder: Path, batch: int) -> Runner:
    net = netdef.load(prototxt(folder, batch), weights=folder / "net.caffemodel").freeze().eval()
    data = images(name, batch)

    def run() -> Tensor:
        with torch.inference_mode():
            return net(data=data)["prob"]

    return run


def by_hand(
    name: str, folder: Path, batch: int, layout: torch.memory_format = torch.contiguous_format
) -> Runner:
    net = SUBJECTS[name].by_hand().eval().requires_grad_(False)
    net.load_state_dict(torch.load(folder / "net.pt"))
    net.to(memory_format=layout)
    data = images(name, batch).contiguous(memory_format=layout)

    def run() -> Tensor:
        with torch.inference_mode():
            return net.probabilities(data)

    return run


def in_onnxruntime(name: str, folder: Path, batch: int) -> Runner:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(folder / "net.onnx", options, providers=["CPUExecutionProvider"])
    given = {session.get_inputs()[0].name: images(name, batch).numpy()}
    return lambda: torch.from_numpy(session.run(["prob"], given)[0])


def in_opencv(name: str, folder: Path, batch: int) -> Runner:
    cv2.setNumThreads(torch.get_num_threads())
    net = cv2.dnn.readNetFromCaffe(str(prototxt(folder, batch)), str(folder / "net.caffemodel"))
    data = images(name, batch).numpy()

    def run() -> Tensor:
        net.setInput(data)
        return torch.from_numpy(net.forward("prob"))

    return run


DEFAULT, LAST, OURS, ONNX, OPENCV = "by hand", "by hand, channels_last", "ours", "onnxruntime, converted", "OpenCV's dnn"
READING = "reading the prototxt"
CANDIDATES: dict[str, Callable[[str, Path, int], Runner]] = {
    DEFAULT: by_hand, LAST: partial(by_hand, layout=torch.channels_last), OURS: ours}
if all(importlib.util.find_spec(package) for package in ("onnx", "onnxscript", "onnxruntime")):
    CANDIDATES[ONNX] = in_onnxruntime
with suppress(ImportError):
    import cv2

    if hasattr(cv2.dnn, "readNetFromCaffe"):
        CANDIDATES[OPENCV] = in_opencv


def check_same_work(name: str, made: dict[str, Runner]) -> None:
    """End the benchmark if probabilities differ by more than a thousandth of the largest."""
    wanted = made[DEFAULT]()
    for what, run in made.items():
        off = float((run().reshape(wanted.shape) - wanted).abs().max() / wanted.max())
        if not off < 1e-3:
            sys.exit(f"{name}: probabilities of {what} differ from those by hand by {off:.1g} of the largest")


def megabytes(name: str, folder: Path, batch: int, what: str) -> float:
    """Peak memory of a candidate in a fresh process."""
    threads = str(torch.get_num_threads())
    command = [sys.executable, __file__, "--peak", name, str(folder), str(batch), what, "--threads", threads]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def peak(name: str, folder: Path, batch: int, what: str) -> float:
    if what == ONNX:
        importlib.import_module("onnxruntime")  # its code is no net's
    before = peak_bytes(CPU)
    run = CANDIDATES[what](name, folder, batch)
    for _ in range(3):
        run()
    return (peak_bytes(CPU) - before) / 2**20


def table_of(
    name: str, builds: dict[str, float], times: dict[int, dict[str, float]], peaks: dict[str, float]
) -> Table:
    """Times in milliseconds, with the ratio to the better layout by hand."""
    table = Table(title=f"{name}, {'x'.join(map(str, SUBJECTS[name].batch[1:]))}", title_justify="left")
    headings = [f"batch {batch}, ms" for batch in times]
    for heading in ("", "build, ms", *headings, f"peak at batch {max(times)}, MiB"):
        table.add_column(heading, justify="right" if heading else "left")
    for what in CANDIDATES:
        reading = f"; {builds[READING]:.1f} reading" if what == OURS else ""
        cells = [f"{builds[what]:.0f} ({builds[what] / builds[DEFAULT]:.2f}{reading})"]
        for found in times.values():
            cells.append(f"{found[what]:.1f} ({found[what] / min(found[DEFAULT], found[LAST]):.2f})")
        table.add_row(what, *cells, f"{peaks[what]:.0f}")
    return table


def measured(name: str, batches: list[int], rounds: int, clock: Callable[[], float]) -> Table:
    """The table of one net."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_files(name, folder, batches)
        peaks = {what: megabytes(name, folder, max(batches), what) for what in CANDIDATES}
        times = {}
        for batch in batches:
            runners = {what: make(name, folder, batch) for what, make in CANDIDATES.items()}
            check_same_work(name, runners)
            times[batch] = milliseconds(runners, OURS, rounds, clock, CPU)
        builders: dict[str, Callable[[], object]] = {
            what: partial(make, name, folder, batches[0]) for what, make in CANDIDATES.items()}
        builders[READING] = partial(read_net, prototxt(folder, batches[0]))
        builds = milliseconds(builders, OURS, rounds, clock, CPU)
    return table_of(name, builds, times, peaks)


def main() -> None:
    parser = parser_of(__doc__, SUBJECTS)
    parser.add_argument("--batches", default="1,16", help="numbers of images; 1,16 by default")
    parser.add_argument("--peak", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.peak:
        name, folder, batch, what = arguments.peak
        print(peak(name, Path(folder), int(batch), what))
        return
    names = names_of(arguments.nets, SUBJECTS, parser)
    console = Console()
    batches, rounds = [int(batch) for batch in arguments.batches.split(",")], arguments.rounds
    console.print(f"torch {torch.__version__}, threads: {torch.get_num_threads()}, {rounds} rounds, {arguments.clock} time")
    for name in names:
        console.print(measured(name, batches, rounds, CLOCKS[arguments.clock]))


if __name__ == "__main__":
    main()
