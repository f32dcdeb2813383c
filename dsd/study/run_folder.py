"""The folder of one run, an arm with a seed: its job, its metrics and snapshots, its result.

``job.json`` says what to run and holds its digest; ``run.jsonl`` and snapshots grow while it runs; ``result.json`` is
written when it is finished. A run can be resumed from its folder.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dsd.observers.metrics_lines import read_lines
from dsd.study.plan import VERSION, StudyPlan, with_phases
from netdef.errors import FileError
from netdef.files import atomic_write
from netdef.text.write import message_text


@dataclass(frozen=True)
class Job:
    """One run to do. ``solver`` is the whole text of the arm's solver; its relative paths begin at ``base_dir``.

    ``lenient`` and ``allow_python`` are those of the solver: unknown fields are left out, Python layers may run.
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
    version: int = VERSION


@dataclass(frozen=True)
class MeasuredOutputs:
    """The first test net's outputs (None: not finite) at an iteration, under the masks of the phase named."""

    iteration: int
    phase: str
    outputs: dict[str, float | list[float | None] | None]


@dataclass(frozen=True)
class RunResult:
    """The result of a finished run. ``kept`` is {phase: {layer: [weights kept, weights in all]}}."""

    digest: str
    arm: str
    seed: int
    iterations: int
    seconds: float
    tests: list[MeasuredOutputs]
    kept: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    version: int = VERSION


class RunFolder:
    """The files of a run. ``path`` need not exist."""

    def __init__(self, path: Path):
        self.path = path
        self.job_file, self.result_file = path / "job.json", path / "result.json"
        self.lines, self.prefix = path / "run.jsonl", path / "run"

    @classmethod
    def of(cls, out: Path, plan: StudyPlan, arm: str, seed: int) -> RunFolder:
        """The folder of a run of a plan; its name has a part of the digest, so that a changed arm has another folder."""
        return cls(out / "runs" / f"{arm}-seed-{seed}-{plan.run_digest(arm, seed)[:8]}")

    def prepare(self, plan: StudyPlan, arm: str, seed: int, device: str | None) -> Job:
        """Make the folder and write the job into it."""
        digest = plan.run_digest(arm, seed)
        self.path.mkdir(parents=True, exist_ok=True)
        solver = with_phases(plan.solver, plan.texts[arm], self.prefix)
        base, text = str(plan.solver.base_dir), message_text(solver.message)
        given = plan.solver
        job = Job(digest, arm, seed, plan.arms[arm][-1].end, base, device, text, given.lenient, given.allow_python)
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
            return RunResult(**{**found, "tests": [MeasuredOutputs(**test) for test in found["tests"]]})
        except (KeyError, TypeError) as error:
            raise FileError(f"{self.result_file}: is damaged: {type(error).__name__} {error}") from None

    def states(self) -> list[Path]:
        """The solver states in the folder, the newest first."""
        found = self.path.glob("run_iter_*.solverstate")
        return sorted(found, key=lambda path: int(path.stem.rpartition("_")[2]), reverse=True)

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
            elif event["event"] == "phase_end" and event["loss"] is None:
                at = event["iteration"], event["name"]
                found[at] = MeasuredOutputs(*at, dict.fromkeys(found[at].outputs))
        return sorted(found.values(), key=lambda test: test.iteration)

    def kept(self) -> dict[str, dict[str, list[int]]]:
        """{phase: {layer: [weights kept, weights in all]}} at the ends of the phases."""
        ends = (event for event in self.events() if event["event"] == "phase_end")
        return {event["name"]: event["kept"] for event in ends if event["kept"]}


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
