"""dsd-time: time and memory of each layer of a net, as ``caffe time``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.compute import ComputeOptions, compute_options
from dsd.cli.shared.devices import Devices, one_gpu_options
from dsd.cli.shared.options import NAMES, ReadOptions, read_options
from dsd.cli.shared.overwrite import check_target, force_option
from dsd.cli.shared.screen import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.progress import Progress
    from rich.table import Table

    from dsd.compute.precision import Forward, Precision
    from dsd.observers.glog_file import GlogFile
    from dsd.timing.layer_times import Timing
    from netdef.definition.definitions import PhaseName
    from netdef.graph.net import Net


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-time --model=models/digits/train_val.prototxt --iterations=100
  dsd-time --model=models/alexnet/deploy.prototxt --phase=TEST --gpu=0

\b
Layers are run one by one, each waited for, so together they take longer
than the whole net, which is timed too. Nets with Input layers get zeros.""")
@click.option("--model", required=True, metavar="NET", type=click.Path(), help="The net file.")
@click.option("--phase", default="TRAIN", show_default=True, type=click.Choice(["TRAIN", "TEST"]), help="Its phase.")
@click.option("--iterations", default=50, metavar="N", type=click.IntRange(min=1), help="Passes. [default: 50]")
@click.option("--weights", default="", type=NAMES, metavar="A,B", help="Weight files; without them random weights.")
@one_gpu_options
@read_options
@compute_options
@click.option("--log", metavar="FILE", type=click.Path(), help="Write the times here, in Caffe's own lines.")
@force_option
def main(
    model: str, phase: PhaseName, iterations: int, weights: tuple[str, ...], devices: Devices, read: ReadOptions,
    compute: ComputeOptions, log: str | None, force: bool,
) -> None:
    """Time each layer's forward and backward, and the whole net's, and measure its peak memory."""
    device = devices.one() or "cpu"
    check_target(log, force)

    os.environ.setdefault("KINETO_LOG_LEVEL", "6")  # else torch's profiler prints to the terminal

    from dsd.compute.compiled import pass_of
    from dsd.compute.precision import Precision
    from dsd.observers.glog_file import GlogFile
    from netdef.api import load

    net = load(model, phase, list(weights) or None, device, read.level, read.stages, **read.flags)
    glog = GlogFile(Path(log)) if log else None
    precision = Precision(compute.precision, device)
    timing = run_timed(net, iterations, precision, pass_of(net, precision, compute.compile), glog)
    screen = console()
    how = f"{f' in {precision.name}' if precision.name else ''}{', compiled' if compute.compile else ''}"
    words = f"{net.name or model}, {phase}, {iterations:,} iterations on {device}{how}"
    screen.print(times_table(timing, words))
    screen.print(whole_text(timing), highlight=False, markup=False)
    if glog:
        log_times(timing, glog)
        glog.close()
        screen.print(f"log  {log}", highlight=False, markup=False)


def run_timed(net: Net, iterations: int, precision: Precision, forward: Forward, glog: GlogFile | None) -> Timing:
    """Time a net, whose passes are ``forward``, under a bar, and write the lines of ``caffe time`` up to the last iteration."""
    from dsd.observers.glog_file import device_line, number
    from dsd.timing.layer_times import time_net, warm_up

    log = glog.info if glog else lambda *line: None
    log("caffe.cpp:343", device_line(precision.device))
    log("caffe.cpp:351", "Performing Forward")
    loss = warm_up(net, precision, forward)
    log("caffe.cpp:356", f"Initial loss: {number(loss)}")
    log("caffe.cpp:357", "Performing Backward")
    log("caffe.cpp:365", "*** Benchmark begins ***")
    log("caffe.cpp:366", f"Testing for {iterations} iterations.")
    with _bar() as bar:
        task = bar.add_task("timing", total=iterations)

        def progress(n: int, seconds: float) -> None:
            log("caffe.cpp:394", f"Iteration: {n} forward-backward time: {_ms(seconds)} ms.")
            bar.update(task, advance=1, refresh=True)

        timing = time_net(net, iterations, precision, progress, forward)
    net.feeds.close()
    return timing


def times_table(timing: Timing, title: str) -> Table:
    """A row for each layer: milliseconds of a pass, their share, the size of its tops."""
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_footer=True)
    forward = sum(mean(layer.forward) for layer in timing.layers)
    backward = sum(mean(layer.backward) for layer in timing.layers)
    table.add_column("layer", "all layers", overflow="fold")
    table.add_column("type", no_wrap=True)
    for heading, footer in (
        ("forward ms", _ms(forward)), ("backward ms", _ms(backward)), ("share", ""),
        ("tops MiB", f"{sum(layer.tops for layer in timing.layers) / 2**20:.3f}"),
    ):
        table.add_column(heading, footer, justify="right", no_wrap=True)
    for layer in timing.layers:
        both = [mean(layer.forward), mean(layer.backward)]
        share = sum(both) / ((forward + backward) or 1)
        back = _ms(both[1]) if any(layer.backward) else ""
        table.add_row(layer.key, layer.type, _ms(both[0]), back, f"{share:.1%}", f"{layer.tops / 2**20:.3f}")
    return table


def whole_text(timing: Timing) -> str:
    """The times of the whole net, and its memory."""
    forward, backward = mean(timing.forward), mean(timing.backward)
    peak = "" if timing.peak is None else f", at most {timing.peak / 2**20:,.1f} MiB on top of them in a pass"
    return (
        f"whole net: forward {_ms(forward)} ms, backward {_ms(backward)} ms, together {_ms(forward + backward)} ms\n"
        f"memory: weights {timing.weights / 2**20:,.1f} MiB{peak}"
    )


def log_times(timing: Timing, glog: GlogFile) -> None:
    """Write the lines at the end of ``caffe time``."""
    glog.info("caffe.cpp:397", "Average time per layer: ")
    for layer in timing.layers:
        glog.info("caffe.cpp:400", f"{layer.key:>10}\tforward: {_ms(mean(layer.forward))} ms.")
        glog.info("caffe.cpp:403", f"{layer.key:>10}\tbackward: {_ms(mean(layer.backward))} ms.")
    forward, backward = mean(timing.forward), mean(timing.backward)
    glog.info("caffe.cpp:408", f"Average Forward pass: {_ms(forward)} ms.")
    glog.info("caffe.cpp:410", f"Average Backward pass: {_ms(backward)} ms.")
    glog.info("caffe.cpp:412", f"Average Forward-Backward: {_ms(forward + backward)} ms.")
    glog.info("caffe.cpp:414", f"Total Time: {_ms(sum(timing.forward) + sum(timing.backward))} ms.")
    glog.info("caffe.cpp:415", "*** Benchmark ends ***")


def _bar() -> Progress:
    """A progress bar on standard error if that is a terminal, drawn between passes and not by a thread, which would slow them."""
    from rich.console import Console
    from rich.progress import Progress

    screen = Console(stderr=True)
    return Progress(console=screen, transient=True, auto_refresh=False, disable=not screen.is_terminal)


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of no values."""
    return sum(values) / len(values) if values else 0.0


def _ms(seconds: float) -> str:
    """Four significant digits of milliseconds."""
    return f"{1000 * seconds:.4g}"


if __name__ == "__main__":
    main()
