"""Log a solver's run on stderr, as the original does."""

from __future__ import annotations

import time
from pathlib import Path

from torch import Tensor

from dsd.observers.caffe_log import output_lines
from dsd.observers.glog_file import number
from dsd.training.events import Observer
from dsd.training.run import Run
from netdef.pycaffe.mode import log


class StderrLog(Observer):
    """A line for every displayed iteration, output, test and snapshot. `caffe.init_log` can silence it."""

    def __init__(self) -> None:
        self._shown: tuple[int, float] = (0, time.monotonic())  # iteration and time of the last displayed one

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        if not run.displayed:
            return
        every, iteration = run.settings.display, run.iteration
        now = time.monotonic()
        seconds, count = now - self._shown[1], iteration - self._shown[0]
        self._shown = iteration, now
        log(f"Iteration {iteration} ({number(count / (seconds or 1))} iter/s, {number(seconds)}s/{every} iters), "
            f"loss = {number(run.loss)}")
        for line in output_lines(run.net, outputs):
            log(f"    Train net output {line}")
        log(f"Iteration {iteration}, lr = {number(rate)}")

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        for index, (net, means) in enumerate(zip(run.test_nets, results)):
            log(f"Iteration {run.iteration}, Testing net (#{index})")
            for line in output_lines(net, means):
                log(f"    Test net output {line}")

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        log(f"Snapshotting to {weights} and {state}")

    def displayed_last(self, run: Run) -> None:
        log(f"Iteration {run.iteration}, loss = {number(run.loss)}")
