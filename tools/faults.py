"""Kill commands at random moments, and fill their disk, and count what is lost: nothing, or the exit status is 1.

    python tools/faults.py --times 20
    python tools/faults.py train ranks --times 100

Each command runs once undisturbed. Then it is started, killed by SIGKILL at a random moment, and started again with the same
command line, ``--times`` times; the last start runs to its end. With two ranks one is killed first, torchrun goes on, and then
all are killed. The tool checks that:

- every file under its final name can be read after each kill; one that cannot is damaged;
- killed processes leave no files behind in the end;
- the last files equal those of the undisturbed command to the bit: weights, converted files, items of a database, tests of a
  study.

``full`` limits the size of files at random, as a full disk does, instead of killing: the command must end with status 2 and one
sentence that names the file.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parent.parent))

from fault_scenarios import PYTHON, ROOT, SCENARIOS, Scenario, train_model

from netdef.errors import FileError


@dataclass
class Tally:
    """The counts of a scenario."""

    name: str
    kills: int = 0
    damaged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    same: bool = False
    where: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> bool:
        return bool(self.damaged or self.left or not self.same)


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
    _, output = process.communicate()
    if process.returncode:
        sys.exit(f"{scenario.name}: ended with status {process.returncode}\n{output}")


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
    _, output = process.communicate()
    tally.kills += process.returncode != 0
    tally.where[scenario.where(folder)] += 1
    lines = [line for line in output.splitlines() if "File too large" in line]
    if process.returncode not in (0, 2) or (process.returncode == 2 and (len(lines) != 1 or str(folder) not in lines[0])):
        tally.damaged.append(f"status {process.returncode}: {output[-300:]}")


def trial(scenario: Scenario, folder: Path, times: int, chance: random.Random) -> Tally:
    """Run a scenario: once undisturbed, then ``times`` disturbed."""
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
                train_model(folder)
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
