"""The folder of one run, an arm with a seed: its job, its metrics and snapshots, its result.

``job.json`` says what to run and holds its digest; ``run.jsonl`` and snapshots grow while it runs; ``result.json`` is
written when it is finished. A run can be resumed from its folder. A run that branches from another arm's is resumed from a
copy of that run's snapshot and lines; ``branch.json`` says so.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from dsd.observers.metrics_lines import read_lines
from dsd.study.plan import VERSION, Branch, StudyPlan, with_phases
from netdef.errors import FileError
from netdef.files import atomic_write
from netdef.text.write import message_text


@dataclass(frozen=True)
class Job:
    """One run to do. ``solver`` is the whole text of the arm's solver; its relative paths begin at ``base_dir``.

    ``lenient`` and ``allow_python`` are those of the solver: unknown fields are left out, Python layers may run.
    ``precision`` is as for `Trainer`.
    ``branches`` are the runs that go on from this one's snapshots: [name of the folder, iteration].
    """

    digest: str
    arm: str
    seed: int
    iterations: int
    base_dir: str
    device: str | None
    solver: str
    lenient: bool = False
    allow_python: bool = False
    branches: Sequence[tuple[str, int]] = ()
    precision: str | None = None
    version: int = VERSION


@dataclass(frozen=True)
class MeasuredOutputs:
    """The first test net's outputs (None: not finite) at an iteration, under the masks of the phase named.

    ``calibration`` is the expected calibration error of its softmax (None: no softmax loss). ``train_loss`` is there at the
    ends of phases: the mean over the solver's ``average_loss``.
    """

    iteration: int
    phase: str
    outputs: dict[str, float | list[float | None] | None]
    calibration: float | None = None
    train_loss: float | None = None


@dataclass(frozen=True)
class RunResult:
    """The result of a finished run.

    ``seconds`` are those of its own iterations: after ``branch``, the run that it went on from, if any. ``kept`` is
    {phase: {layer: [weights kept, weights in all]}}.
    """

    digest: str
    arm: str
    seed: int
    iterations: int
    seconds: float
    tests: list[MeasuredOutputs]
    kept: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    branch: Branch | None = None
    version: int = VERSION


class RunFolder:
    """The files of a run. ``path`` need not exist."""

    def __init__(self, path: Path):
        self.path = path
        self.job_file, self.result_file = path / "job.json", path / "result.json"
        self.lines, self.prefix = path / "run.jsonl", path / "run"
        self.branch_file = path / "branch.json"

    @classmethod
    def of(cls, out: Path, plan: StudyPlan, arm: str, seed: int) -> RunFolder:
        """The folder of a run of a plan; its name has a part of the digest, so that a changed arm has another folder."""
        return cls(out / "runs" / _name(plan, arm, seed))

    def prepare(self, plan: StudyPlan, arm: str, seed: int, device: str | None) -> Job:
        """Make the folder and write the job into it."""
        digest = plan.run_digest(arm, seed)
        self.path.mkdir(parents=True, exist_ok=True)
        given = plan.solver_of(arm)
        solver = with_phases(given, plan.texts[arm], self.prefix)
        base, text = str(given.base_dir), message_text(solver.message)
        branches = [
            (_name(plan, other, seed), b.iteration) for other, b in plan.branches.items() if b.arm == arm]
        job = Job(
            digest, arm, seed, plan.arms[arm][-1].end, base, device, text, given.lenient, given.allow_python, branches,
            plan.precision)
        write_json(self.job_file, asdict(job))
        return job

    def job(self) -> Job:
        """The job as it was written. Raises `FileError` for a damaged file."""
        return Job(**read_json(self.job_file))

    def result(self, digest: str) -> RunResult | None:
        """The result if the run is finished and was defined by ``digest``."""
        if not self.result_file.is_file():
            return None
        found = read_json(self.result_file)
        if found.get("version") != VERSION or found.get("digest") != digest:
            return None
        try:
            branch = Branch(**found["branch"]) if found.get("branch") else None
            tests = [MeasuredOutputs(**test) for test in found["tests"]]
            return RunResult(**{**found, "tests": tests, "branch": branch})
        except (KeyError, TypeError) as error:
            raise FileError(f"{self.result_file}: is damaged: {type(error).__name__} {error}") from None

    def states(self) -> list[Path]:
        """The solver states in the folder, the newest first."""
        found = self.path.glob("run_iter_*.solverstate")
        return sorted(found, key=lambda path: int(path.stem.rpartition("_")[2]), reverse=True)

    def begin_at(self, weights: Path, state: Path, source: RunFolder, branch: Branch) -> None:
        """Make this run go on from a snapshot of another arm's run, if it has not begun.

        The state is copied last: where it is, the rest is. Raises `FileError` for what the operating system refuses.
        """
        if not self.job_file.is_file() or self.result_file.is_file() or self.states():
            return
        write_json(self.branch_file, asdict(branch))
        for path, name in ((source.lines, self.lines.name), (weights, weights.name), (state, state.name)):
            with open(path, "rb") as found, atomic_write(self.path / name) as file:
                shutil.copyfileobj(found, file)

    def branch(self) -> Branch | None:
        """The run that this one went on from; None if it was trained from its first iteration."""
        return Branch(**read_json(self.branch_file)) if self.branch_file.is_file() else None

    def events(self) -> list[dict]:
        """The lines of the run; one that a kill cut short is left out."""
        return read_lines(self.lines)[0] if self.lines.is_file() else []

    def tests(self) -> list[MeasuredOutputs]:
        """All tests in order; of a test that a resumed run repeated, the later.

        If training has diverged, all outputs are dropped. Divergence shows in another output that is not finite, or in the
        training loss at the end of a phase.
        """
        found = {}
        for event in self.events():
            if event["event"] == "test" and event["outputs"]:
                outputs, at = event["outputs"][0], (event["iteration"], event["phase"])
                found[at] = MeasuredOutputs(*at, dict.fromkeys(outputs) if None in outputs.values() else outputs)
            elif event["event"] == "calibration":
                at = event["iteration"], event["phase"]
                found[at] = replace(found[at], calibration=event["error"])
            elif event["event"] == "phase_end":
                at = event["iteration"], event["name"]
                outputs = found[at].outputs if event["loss"] is not None else dict.fromkeys(found[at].outputs)
                found[at] = replace(found[at], outputs=outputs, train_loss=event["loss"])
        return sorted(found.values(), key=lambda test: test.iteration)

    def kept(self) -> dict[str, dict[str, list[int]]]:
        """{phase: {layer: [weights kept, weights in all]}} at the ends of the phases."""
        ends = [event for event in self.events() if event["event"] == "phase_end"]
        if not ends or not ends[-1]["kept"]:  # a net without masks; that of the run it branched from may have some
            return {}
        return {event["name"]: event["kept"] for event in ends}


def _name(plan: StudyPlan, arm: str, seed: int) -> str:
    return f"{arm}-seed-{seed}-{plan.run_digest(arm, seed)[:8]}"


def write_json(path: Path, content: object) -> None:
    """Write a JSON file, whole or not at all. Raises `FileError` when it cannot be written."""
    with atomic_write(path) as file:
        file.write((json.dumps(content, indent=1, allow_nan=False) + "\n").encode())


def read_json(path: Path) -> dict:
    """Read a JSON object. Raises `FileError` for a file that is missing, damaged or holds anything else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path}: not JSON, or damaged: {error}") from None
    if not isinstance(found, dict):
        raise FileError(f"{path}: holds no JSON object")
    return found
