"""The README keeps up with what it describes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

import netdef.graph.link  # noqa: F401  (registers every layer)
from dsd.cli.draw import main as draw
from dsd.solver.rates import POLICIES
from dsd.study import reborn
from netdef.layers.core.registry import known_types
from netdef.schema.messages import DsdPhase

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_layer_is_in_the_table_with_its_source():
    lines = README.split("## Layers")[1].split("###")[0].splitlines()
    cells = [line.split("|")[2:4] for line in lines if line.endswith(".py` |")]
    rows = [[re.findall(r"`(.+?)`", cell) for cell in row] for row in cells]
    listed = {(kind, file) for kinds, files in rows for kind in kinds for file in files}
    sources = {(kind, f"{cls.__module__.replace('.', '/')}.py") for kind, cls in known_types().items()}
    assert sources <= listed and {kind for kind, _ in listed} == set(known_types())


def test_the_fields_it_gives_a_phase_are_those_of_the_schema():
    table = README.split("| field | meaning |")[1].split("\n\n")[0]
    told = {word for row in table.splitlines()[2:] for word in re.findall(r"`(\w+)[^`]*`", row.split("|")[1])}
    assert len(told) > 10
    assert told <= {field.name for field in DsdPhase.DESCRIPTOR.fields}


def test_every_rate_policy_is_named():
    assert set(POLICIES) <= set(re.findall(r"`(\w+)`", README))


def test_every_path_it_names_is_there():
    paths = set(re.findall(r"`((?:netdef|dsd|tests|tools|models|\.ci)/[\w./]*)`", README))
    assert len(paths) > 30
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_the_two_commands_are_there():
    lines = README.splitlines()
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/dsd-train models/digits/solver.prototxt" in lines
    assert 'python3 -m venv .venv && .venv/bin/pip install ".[test]" && .venv/bin/pytest' in lines


def test_its_table_of_the_six_solvers_is_what_the_command_prints():
    assert f"\n{reborn.table().markdown()}\n" in README


def test_its_results_are_those_of_the_studies():
    studies = [json.loads(path.read_text()) for path in sorted(ROOT.glob("models/*/*study.json"))]
    measured = [[c["control_mean"], c["mean"], c["low"], c["high"]] for s in studies for c in s["comparisons"]]
    rows = README.split("| net and data | control |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(rows) == 8
    for row in rows:
        told = re.findall(r"[+-]?\d+\.\d+", "".join(row.split("|")[2:5]))
        assert any(all(rounded(*pair) for pair in zip(told, values, strict=True)) for values in measured), row


def rounded(told: str, value: float) -> bool:
    """Whether a number is what is told, to the digits that are told."""
    return f"{value:{'+' if told[0] in '+-' else ''}.{len(told.partition('.')[2])}f}" == told


def test_its_picture_is_what_the_command_draws():
    drawn = CliRunner().invoke(draw, [str(ROOT / "models/digits/solver.prototxt")])
    assert drawn.exit_code == 0 and f"\n```mermaid\n{drawn.output}```\n" in README
