"""The commands that `faults.py` disturbs: what each makes, and how its files are read afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from netdef.data.databases.open import open_records
from netdef.weights.formats import read_layers

PYTHON = sys.executable
DIGITS = ROOT / "models" / "digits"
SOLVER = f"""
net: "{DIGITS / 'train_val.prototxt'}"
base_lr: 0.02  lr_policy: "fixed"  momentum: 0.9  random_seed: 3  solver_mode: CPU
test_iter: 3  test_interval: 100  display: 5  snapshot: 20  snapshot_prefix: "PREFIX"
dsd_phase {{ name: "dense" max_iter: 100 }}
dsd_phase {{ name: "sparse" max_iter: 100 sparsity: 0.5 }}
dsd_phase {{ name: "re-dense" max_iter: 100 }}
"""


@dataclass
class Scenario:
    """A command, what it makes in a folder, and what is found there after a kill."""

    name: str
    command: Callable[[Path], list[str]]
    content: Callable[[Path], object]  # of its finished files, to compare
    check: Callable[[Path], None] = lambda folder: None  # raises `FileError` for a damaged file
    where: Callable[[Path], str] = lambda folder: ""  # what the command was doing, for the table
    done: Callable[[Path], float] | None = None  # the share that is done; else moments are drawn by the clock alone
    victims: bool = False  # whether to kill one of the processes that it starts, or itself
    limited: bool = False  # whether its files are limited, instead of kills


def solver(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "solver.prototxt"
    path.write_text(SOLVER.replace("PREFIX", str(folder / "digits")))
    return str(path)


def weights(folder: Path) -> object:
    """The blobs of the last snapshot, bit for bit."""
    return _blobs(folder / "digits_iter_300.caffemodel")


def _blobs(path: Path) -> list[tuple[str, int, bytes]]:
    import torch

    found = []
    with read_layers(path) as layers:
        for layer in layers:
            for index, blob in layer.blobs.items():
                values = torch.empty(blob.shape)
                blob.read(values)
                found.append((layer.name, index, values.numpy().tobytes()))
    return found


def snapshots(folder: Path) -> None:
    """Read all states in the folder, and their weights."""
    from dsd.training.restore import check_weights
    from dsd.training.solverstate import read_state

    for path in folder.glob("*.solverstate"):
        check_weights(path, read_state(path))


def phase(folder: Path) -> str:
    """The phase that a run was in, by its metrics."""
    lines = (folder / "digits.jsonl").read_text().splitlines() if (folder / "digits.jsonl").exists() else []
    found = [event for line in lines if line.endswith("}") and (event := json.loads(line))["event"] in ("start", "phase", "end")]
    if not found or found[-1]["event"] == "start":
        return "at its start"
    return "at its end" if found[-1]["event"] == "end" else found[-1]["name"]


def iterations(folder: Path) -> float:
    """The share of a run's iterations that its metrics show."""
    lines = (folder / "digits.jsonl").read_text().splitlines() if (folder / "digits.jsonl").exists() else []
    return max((json.loads(line).get("iteration", 0) for line in lines if line.endswith("}")), default=0) / 300


def study(folder: Path) -> object:
    """The tests of the finished runs."""
    runs = json.loads((folder / "out" / "study.json").read_text())["runs"]
    return sorted((run["arm"], run["seed"], str(run["tests"])) for run in runs)


def study_files(folder: Path) -> None:
    if (path := folder / "out" / "study.json").exists():
        json.loads(path.read_text())
    for run in folder.glob("out/runs/*"):
        snapshots(run)


def converted(folder: Path) -> object:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("digits.*"))}


def converted_files(folder: Path) -> None:
    for path in folder.glob("digits.safetensors"):
        _blobs(path)


def train_model(folder: Path) -> None:
    """Train a model to convert, and make the folders for it."""
    subprocess.run([PYTHON, "-m", "dsd", "train", solver(folder / "source"), "--max_iter", "20"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    (folder / "source" / "digits_iter_20.caffemodel").rename(folder / "digits.caffemodel")
    for part in ("disturbed", "undisturbed"):
        (folder / part).mkdir()


def images(folder: Path) -> list[str]:
    """Make the images once, and return the command."""
    pictures = folder.parent / "pictures"
    for number in range(0 if pictures.exists() else 300):
        path = pictures / str(number % 3) / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.effect_noise((64 + number % 9, 64), 50).save(path)
    folder.mkdir(exist_ok=True)
    return ["dsd", "data", "images", str(pictures), str(folder / "db"), "--force"]


def items(folder: Path) -> object:
    records = open_records(folder / "db")
    return [(bytes(key), bytes(value)) for key, value in records.walk()]  # copies: they are views of the open file


def database(folder: Path) -> None:
    if (folder / "db").exists():
        items(folder)


TRAIN: Callable[[Path], list[str]] = lambda folder: ["dsd", "train", solver(folder), "--resume", "auto"]  # noqa: E731
SCENARIOS = {scenario.name: scenario for scenario in (
    Scenario("train", TRAIN, weights, snapshots, phase, iterations),
    Scenario("ranks", lambda folder: [
        "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--monitor-interval", "0.1", "--max-restarts", "100",
        "-m", "--", *TRAIN(folder)], weights, snapshots, phase, iterations, victims=True),
    Scenario("study", lambda folder: [
        "dsd", "study", solver(folder), "--seeds", "1", "--jobs", "2", "--out", str(folder / "out")],
        study, study_files, victims=True),
    Scenario("convert", lambda folder: [
        "dsd", "convert", str(DIGITS / "deploy.prototxt"), str(folder.parent / "digits.caffemodel"), str(folder / "digits.py"),
        "--force"], converted, converted_files),
    Scenario("data", images, items, database),
    Scenario("full", TRAIN, weights, snapshots, phase, limited=True),
)}  # fmt: skip
