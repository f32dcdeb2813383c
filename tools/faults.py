"""Kill commands at random moments, and fill their disk, and count what is lost: nothing, or the exit status is 1.

    python tools/faults.py --times 20
    python tools/faults.py train ranks --times 100

Each command runs once undisturbed. Then it is started, killed by SIGKILL at a random moment, and started again with the same
command line, ``--times`` times; a last start may end. Of two ranks one is killed, and torchrun goes on; then all are. A file
that stands under its final name and cannot be read afterwards is damaged. In the end nothing may stay of killed processes, and
the last files have to be those of the undisturbed command in every bit: weights, converted files, items of a database, tests of
a study. ``full`` gives the command a limit on the size of files, a random one, as of a full disk: it has to end with status 2
and one sentence that names the file.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from netdef.data.databases.open import open_records
from netdef.errors import FileError
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


@dataclass
class Tally:
    """What happened in a scenario."""

    name: str
    kills: int = 0
    damaged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    same: bool = False
    where: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> bool:
        return bool(self.damaged or self.left or not self.same)


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
    from dsd.training.snapshot import check_weights
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
    """The share of a run's iterations that its metrics tell of."""
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


def _model(folder: Path) -> None:
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


def children(pid: int) -> Iterator[int]:
    """The Python processes below a process."""
    try:
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from children(child)
    except OSError:
        return


def start(scenario: Scenario, folder: Path, limit: int | None = None) -> subprocess.Popen[str]:
    def limits() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen([PYTHON, "-m", *scenario.command(folder)], cwd=ROOT, text=True, start_new_session=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=limits)


def finish(scenario: Scenario, folder: Path) -> None:
    process = start(scenario, folder)
    _, said = process.communicate()
    if process.returncode:
        sys.exit(f"{scenario.name}: ended with status {process.returncode}\n{said}")


def disturb(scenario: Scenario, folder: Path, longest: float, share: float, tally: Tally, chance: random.Random) -> float:
    """Start the command and kill it, or a process of it, at a random moment; return the seconds that it ran.

    Where it is known how much is done, that is a little after the given share of the work; else after a random time.
    """
    process, began = start(scenario, folder), time.monotonic()
    while scenario.done and scenario.done(folder) < share and process.poll() is None:
        time.sleep(0.01)
    end = time.monotonic() + (chance.uniform(0, 0.3) if scenario.done else chance.uniform(0.2, longest))
    while time.monotonic() < end and process.poll() is None:
        time.sleep(0.01)
    running = [process.pid, *(children(process.pid) if scenario.victims else ())]
    if process.poll() is None:
        tally.kills += 1
        tally.where[scenario.where(folder)] += 1
        victim = chance.choice(running[1:] or running) if scenario.name == "ranks" else chance.choice(running)
        _kill(victim)
    if scenario.name == "ranks":  # torchrun starts all ranks again, and the run goes on
        time.sleep(chance.uniform(0, longest / 4))
    for pid in [*children(process.pid), process.pid]:
        _kill(pid)
    process.communicate()
    return time.monotonic() - began


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def fill(scenario: Scenario, folder: Path, tally: Tally, chance: random.Random) -> None:
    """Start the command with room for small files only; it has to say so."""
    process = start(scenario, folder, chance.randrange(100, 60_000))
    _, said = process.communicate()
    tally.kills += process.returncode != 0
    tally.where[scenario.where(folder)] += 1
    told = [line for line in said.splitlines() if "File too large" in line]
    if process.returncode not in (0, 2) or (process.returncode == 2 and (len(told) != 1 or str(folder) not in told[0])):
        tally.damaged.append(f"status {process.returncode}: {said[-300:]}")


def trial(scenario: Scenario, folder: Path, times: int, chance: random.Random) -> Tally:
    """All of a scenario."""
    tally, disturbed, undisturbed = Tally(scenario.name), folder / "disturbed", folder / "undisturbed"
    began = time.monotonic()
    finish(scenario, undisturbed)
    longest = time.monotonic() - began
    for number in range(times):
        share = chance.uniform(number, number + 1) / times if number % 4 else 0.0  # the first in four while it starts
        if scenario.limited:
            fill(scenario, disturbed, tally, chance)
        else:
            kills, ran = tally.kills, disturb(scenario, disturbed, longest, share, tally, chance)
            longest = longest if tally.kills > kills else min(longest, ran)  # it ended before
        try:
            scenario.check(disturbed)
        except (FileError, ValueError) as error:
            tally.damaged.append(str(error))
    finish(scenario, disturbed)
    tally.same = scenario.content(disturbed) == scenario.content(undisturbed)
    tally.left = [str(path) for path in disturbed.rglob("*") if path.suffix in (".tmp", ".old", ".lock")]
    return tally


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*SCENARIOS]))
@click.option("--times", default=10, show_default=True, type=click.IntRange(min=1), help="How often each command is disturbed.")
@click.option("--seed", default=0, show_default=True, help="Of the random moments.")
def main(names: tuple[str, ...], times: int, seed: int) -> None:
    """Disturb the commands of the scenarios NAMES, by default of all."""
    lost = False
    click.echo(f"{'command':9}{'disturbed':>10}{'damaged':>9}{'left behind':>13}  {'result':10} when")
    with tempfile.TemporaryDirectory() as place:
        for name in names or SCENARIOS:
            folder = Path(place) / name
            folder.mkdir()
            if name == "convert":
                _model(folder)
            tally = trial(SCENARIOS[name], folder, times, random.Random(f"{seed} {name}"))
            when = ", ".join(f"{count} {what}" for what, count in tally.where.most_common() if what)
            result = "the same" if tally.same else "DIFFERENT"
            click.echo(f"{name:9}{tally.kills:10}{len(tally.damaged):9}{len(tally.left):13}  {result:10} {when}")
            for complaint in [*tally.damaged, *tally.left]:
                click.echo(f"    {complaint}")
            lost |= tally.lost
    sys.exit(lost)


if __name__ == "__main__":
    main()
