"""The commands and the Python of the READMEs run, in their order, in a folder with nothing but the models and tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from readmes import PAGES, ROOT, Block, blocks

LONG = {"dsd-train", "dsd-study", "dsd-scan"}


def quick(block: Block) -> bool:
    """Whether a block of shell has only commands of ours that do not train."""
    return not block.note and all(name.startswith("dsd-") and name not in LONG for name, *_ in block.commands())


def runs(block: Block) -> bool:
    """Whether a block runs at all."""
    return not block.excepted


def pages_with(language: str, wanted: Callable[[Block], bool] = runs) -> list:
    """For each page that has such blocks a parameter: the blocks."""
    found = {path: [b for b in blocks(path.read_text(encoding="utf-8"), language) if wanted(b)] for path in PAGES}
    return [pytest.param(some, id=str(path.relative_to(ROOT))) for path, some in found.items() if some]


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder to work in, as a clone is: models and tools."""
    for name in ("models", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def trained(clone):
    """The clone after a short training of the digits, its files named as those of the whole training."""
    solver = clone / "models/digits/solver.prototxt"
    whole = solver.read_text()
    solver.write_text(whole.replace("max_iter: 3000", "max_iter: 6").replace("max_iter: 1500", "max_iter: 3"))
    run("dsd-train", str(solver))
    solver.write_text(whole)
    for path in (clone / "runs").glob("*_iter_*"):
        iteration = {"6": 3000, "9": 4500, "12": 6000}[path.stem.rpartition("_")[2]]
        path.rename(path.with_name(f"digits_iter_{iteration}{path.suffix}"))
    return clone


def run(name: str, *words: str) -> None:
    """Run one of our commands in this process."""
    done = CliRunner().invoke(import_module(f"dsd.cli.{name.removeprefix('dsd-')}").main, words)
    assert done.exit_code == 0, f"{name} {' '.join(words)}\n{done.output}\n{done.exception!r}"


@pytest.mark.parametrize("found", pages_with("sh", quick))
def test_quick_commands(found, trained):
    for block in found:
        for name, *words in block.commands():
            run(name, *words)


@pytest.mark.slow
@pytest.mark.parametrize("found", pages_with("python"))
def test_python(found, trained):
    subprocess.run([sys.executable, "-c", "\n".join(block.text for block in found)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("found", pages_with("sh"))
def test_all_commands(found, clone):
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = "set -euxo pipefail\n" + "\n".join(block.text for block in found)
    subprocess.run(["bash", "-c", script], check=True, env=environment)
