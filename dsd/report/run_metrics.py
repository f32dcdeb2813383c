"""The metrics of a run, read from its JSON lines."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from dsd.display.plotting import PhaseSpan
from dsd.observers.metrics_lines import read_lines
from dsd.observers.run_history import set_aside_files
from dsd.observers.weight_statistics import Drift, Histogram, Overlap, Regrowth
from netdef.errors import FileError

Made = TypeVar("Made", Histogram, Overlap, Drift, Regrowth)


@dataclass(frozen=True)
class Moment:
    """The record of one weight at the beginning or the end of a phase; see `dsd.observers.weight_record`."""

    phase: PhaseSpan
    which: str
    iteration: int
    weights: int
    kept: int | None
    threshold: float | None
    groups: dict[str, Histogram]
    overlap: Overlap | None
    drift: Drift | None
    regrown: Regrowth | None

    @property
    def title(self) -> str:
        """``end of dense``"""
        return f"{'start' if self.which == 'begin' else 'end'} of {self.phase.name}"


class RunMetrics:
    """All events of a file of metrics, in order; of events that a resumed run repeated, the later."""

    def __init__(self, path: Path):
        self.path = path
        found, self.damaged = read_lines(path)
        self.starts = [event for event in found if event["event"] == "start"]
        if not self.starts or not isinstance(self.starts[-1].get("phases"), list):
            raise FileError(f"{path}: these are JSON lines, but not of a run: they do not begin with a `start`")
        try:
            self.events = [_with_nan(event) for event in _latest(found)]
            planned = next(event for event in reversed(self.events) if event["event"] in ("start", "phases"))
            self.phases = [PhaseSpan.of(phase) for phase in planned["phases"]]
            self.layers = self._moments()
        except (KeyError, TypeError, AttributeError) as error:
            raise FileError(f"{path}: is damaged, or of another version: {type(error).__name__} {error}") from None

    @property
    def start(self) -> dict[str, Any]:
        """The last ``start`` event: it holds for the run as it is now."""
        return self.starts[-1]

    def of(self, event: str) -> list[dict[str, Any]]:
        """The events of one kind."""
        return [e for e in self.events if e["event"] == event]

    @property
    def end(self) -> dict[str, Any] | None:
        """The ``end`` event; None if the run continued after it or has not reached it."""
        last = self.events[-1]
        return last if last["event"] == "end" else None

    @property
    def failure(self) -> str | None:
        """The error that the run ended with, unless it went on after it."""
        last = self.events[-1]
        return str(last["message"]) if last["event"] == "failed" else None

    @property
    def finished(self) -> bool:
        """Whether the last phase is done."""
        return self.end is not None and not self.end["early"]

    @property
    def iteration(self) -> int:
        """The last iteration in the file."""
        return max(event["iteration"] for event in self.events)

    @property
    def max_iter(self) -> int:
        """The iteration at which the last phase ends, as far as the file has it."""
        return self.phases[-1].end

    @property
    def last_time(self) -> float:
        """When the last line was written, in seconds since 1970."""
        return self.events[-1]["time"]

    def phase_at(self, iteration: int, name: str) -> PhaseSpan:
        """The phase of a name at an iteration: at a border there are two, and a name may occur twice."""
        for phase in self.phases:
            if phase.start <= iteration <= phase.end and phase.name == name:
                return phase
        return PhaseSpan(name, iteration, iteration, False)

    def _moments(self) -> dict[str, list[Moment]]:
        """{layer: its moments in order} of the weights that Masks cover; empty without any."""
        layers: dict[str, list[Moment]] = {}
        for event in self.of("weights"):
            phase = self.phase_at(event["iteration"], event["phase"])
            for layer, facts in event["layers"].items():
                layers.setdefault(layer, []).append(Moment(
                    phase, event["moment"], event["iteration"], facts["weights"], facts["kept"], facts["threshold"],
                    {name: _made(Histogram, values) for name, values in facts["groups"].items()},
                    _made_if_there(Overlap, facts.get("overlap")), _made_if_there(Drift, facts.get("drift")),
                    _made_if_there(Regrowth, facts.get("regrown"))))
        return layers


def find_run(given: Path) -> Path:
    """Find the file for the argument RUN: a .jsonl file, a study.json, a snapshot prefix, or a folder that has one of these.

    Raises `FileError` when there is none, or when a folder has several.
    """
    if given.is_file():
        return given
    if given.is_dir():
        if (given / "study.json").is_file():
            return given / "study.json"
        found = sorted(given.glob("*.jsonl"))
        earlier = {aside for path in found for aside in set_aside_files(path)}
        found = [path for path in found if path not in earlier]
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise FileError(f"{given}: holds several runs; name one of {names}")
        if found:
            return found[0]
        raise FileError(f"{given}: holds no run: neither a .jsonl file nor a study.json")
    beside = given.with_name(f"{given.name}.jsonl")
    if beside.is_file():
        return beside
    raise FileError(f"{given}: no such run; there is neither this file nor {beside}")


def _latest(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events without repetitions by a resumed run: the later one replaces the earlier."""
    kept: dict[tuple[object, ...], dict[str, Any]] = {}
    for number, event in enumerate(events):
        at, _ = event["iteration"], event["time"]  # every event has both
        if event["event"] == "start":
            kept = {key: e for key, e in kept.items() if e["iteration"] <= at and e["event"] not in ("end", "failed")}
            key: tuple[object, ...] = ("start", number)
        else:
            key = (event["event"], at, event.get("phase", event.get("name")), event.get("moment"))
        kept.pop(key, None)
        kept[key] = event
    return list(kept.values())


def _with_nan(event: dict[str, Any]) -> dict[str, Any]:
    """The event with NaN for each null among its measured numbers: JSON has no numbers that are not finite."""
    return {key: _measured(value) if key in ("loss", "outputs", "tests") else value for key, value in event.items()}


def _measured(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _measured(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_measured(part) for part in value]
    return math.nan if value is None else value


def _made(kind: type[Made], values: dict[str, Any]) -> Made:
    """Make a dataclass from its JSON."""
    given: dict[str, Any] = {}
    for field in fields(kind):
        value = values[field.name]
        given[field.name] = tuple(value) if isinstance(value, list) else value
    return kind(**given)


def _made_if_there(kind: type[Made], values: dict[str, Any] | None) -> Made | None:
    return None if values is None else _made(kind, values)
