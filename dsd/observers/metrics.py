"""Write the metrics of a run as JSON lines, one object for each event; `dsd.observers.metrics_lines` reads them."""

from __future__ import annotations

import json
import math
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dsd.display.number_text import decimal
from dsd.engine.audit import Audit
from dsd.engine.phase import Phase
from dsd.engine.state import MaskedRun
from dsd.observers.glog_file import LogFile
from dsd.observers.run_history import set_aside
from dsd.plan.phases import DsdPhase
from dsd.training.events import Observer, PhaseResult
from dsd.training.run import Run
from dsd.training.snapshot import iteration_of
from netdef.errors import NetdefError
from netdef.text.write import message_text


class JsonLines(Observer):
    """Write an object for every event. ``event`` is its name, ``time`` in seconds since 1970.

    ======== ==================================================================================
    start    run (its id, which its snapshots hold), resumed (the id of the run whose snapshot it was restored from, or
             null), solver, net, device, seed, iteration, max_iter, phases (name, start, end, sparse, sparsity), text (the
             solver as it was read), versions ({name: version}), ranks, precision (as --precision names it, or null)
    phases   iteration, max_iter, phases as in ``start``, reason: a phase ends before its length, and others begin earlier
    phase    iteration, name, masks ({Mask layer: weights kept})
    train    iteration, phase, loss (the mean over ``average_loss``), rate, outputs; every ``display`` iterations
    test     iteration, phase, outputs: a list, for each test net {output: mean}
    calibration iteration, phase, error: of the first test net's softmax; see `dsd.observers.calibration_record`
    snapshot iteration, weights, state
    phase_end iteration, name, loss, tests, kept ({layer: [weights kept, weights in all]})
    audit    iteration, phase, mask_hash, ranks, violations, layers: a list of the fields of `LayerAudit`
    weights  iteration, phase, moment ("begin" or "end" of the phase), layers: {layer: facts}; see `dsd.observers.weight_record`
    end      iteration, early
    failed   iteration, phase, message: the run ended with this error
    ======== ==================================================================================

    Numbers that are not finite are null. A run from the start leaves the file of an earlier one beside its own, under
    another name (`set_aside`). A resumed run is appended; if lines after the snapshot's iteration are there
    twice, the later ones count. A line that a crash cut short is ended first.
    """

    def __init__(self, path: Path):
        self.path = path
        self._file: LogFile | None = None

    def started(self, run: Run) -> None:
        span = run.spec.span()
        self.start(run.iteration, run.phases, run.device, run=run.id, resumed=run.resumed or None,
                   solver=span.source.name if span else None, net=run.net.name, seed=run.seed,
                   text=message_text(run.settings), ranks=run.world.size,
                   precision=run.precision.name)

    def phase_began(self, run: MaskedRun, phase: Phase) -> None:
        kept = {key: int(mask.sum()) for key, mask in run.masks.items()}
        self.write("phase", iteration=run.iteration, name=phase.name, masks=kept)

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        if run.displayed:
            self.write("train", iteration=run.iteration, phase=run.phase.name, loss=run.loss, rate=rate,
                       outputs=_plain(outputs))

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        self.write("test", iteration=run.iteration, phase=run.phase_in_force.name,
                   outputs=[_plain(means) for means in results])

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        self.write("snapshot", iteration=iteration_of(state), weights=str(weights), state=str(state))

    def phase_shortened(self, run: Run, phase: DsdPhase, reason: str) -> None:
        self.write("phases", iteration=run.iteration, max_iter=run.max_iter, phases=_spans(run.phases), reason=reason)

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        self.write("phase_end", iteration=run.iteration, name=result.phase.name, loss=result.loss,
                   tests=[_plain(means) for means in result.tests], kept=result.kept)

    def audited(self, run: Run, audit: Audit) -> None:
        self.write_audit(run.phase_in_force, audit)

    def write_audit(self, phase: Phase, audit: Audit) -> None:
        """Write the audit of a phase."""
        self.write("audit", iteration=audit.iteration, phase=phase.name, mask_hash=audit.mask_hash,
                   ranks=audit.ranks, violations=audit.violations, layers=[asdict(layer) for layer in audit.layers])

    def finished(self, run: Run, early: bool) -> None:
        self.end(run.iteration, early)

    def failed(self, run: Run, error: NetdefError) -> None:
        self.write("failed", iteration=run.iteration, phase=run.phase_in_force.name, message=str(error))
        self._close()

    def start(self, iteration: int, phases: Sequence[Phase], device: torch.device, **facts: object) -> None:
        """Open the file, to write at its end if the run is resumed, and write the first line."""
        self._close()
        if not iteration:
            set_aside([self.path])
        torn = _is_torn(self.path)
        self._file = LogFile(self.path, append=iteration > 0)
        if torn:
            self._file.write("\n")
        self.write("start", iteration=iteration, max_iter=phases[-1].end, phases=_spans(phases), device=device_text(device),
                   versions=_versions(), **facts)

    def end(self, iteration: int, early: bool) -> None:
        """Write the last line and close the file."""
        self.write("end", iteration=iteration, early=early)
        self._close()

    def write(self, event: str, **facts: object) -> None:
        """Write one line, if the file is open. Other observers may use it; the trainer must call them after this one."""
        if self._file is not None:
            line = {"event": event, "time": round(time.time(), 3)}
            line |= {name: _json_value(fact) for name, fact in facts.items()}
            self._file.write(json.dumps(line) + "\n")

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _spans(phases: Sequence[Phase]) -> list[dict[str, object]]:
    return [dict(name=p.name, start=p.start, end=p.end, sparse=p.sparse, sparsity=p.sparsity) for p in phases]


def _is_torn(path: Path) -> bool:
    """Whether the file ends in the middle of a line."""
    if not path.is_file() or not path.stat().st_size:
        return False
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def device_text(device: torch.device) -> str:
    """``cpu``, or ``cuda:0 (the name of the GPU)``."""
    return f"{device} ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else str(device)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "torch": str(torch.__version__), "numpy": np.__version__}
    try:
        return {"netdef-dsd": metadata.version("netdef-dsd"), **found}
    except metadata.PackageNotFoundError:  # run from a checkout
        return found


def _plain(outputs: dict[str, Tensor]) -> dict[str, object]:
    """Outputs as numbers, those with several elements as flat lists."""
    return {
        name: tensor.item() if tensor.numel() == 1 else tensor.flatten().tolist() for name, tensor in outputs.items()
    }


def _json_value(value: object) -> object:
    """Round numbers to the seven digits of a float32; those that are not finite become None."""
    if isinstance(value, float):
        return decimal(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _json_value(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(part) for part in value]
    return value
