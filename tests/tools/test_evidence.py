"""One table of several studies."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner
from readmes import ROOT, read
from studies import study

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "evidence.py"))


def table(*arguments: str) -> list[list[str]]:
    """The rows of the table, headings first."""
    result = CliRunner().invoke(TOOL["main"], arguments)
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]


@pytest.fixture
def studies(tmp_path: Path) -> list[Path]:
    """Two studies, one with a p of 0.02, the other with 0.03 and a harm; losses and ECE in the first."""
    folders = [tmp_path / name for name in ("first", "second")]
    for folder, p, sign in zip(folders, (0.02, 0.03), (1, -1)):
        content = study()
        content["comparisons"][0] |= {"t_p": p, "holm_p": p, "difference": -0.75 * sign}
        if sign > 0:
            for run, losses in zip(content["runs"], [(0.4, 0.1, 0.02), (0.6, 0.3, 0.04), (0.3, 0.2, 0.01), (0.4, 0.4, 0.03)]):
                end = run["tests"][-1]
                end["outputs"]["loss"], end["train_loss"], end["calibration"] = losses
        folder.mkdir()
        (folder / "study.json").write_text(json.dumps(content))
    return folders


def test_a_row_for_each_comparison_and_p_for_all_of_them(studies):
    headings, first, second = table(f"a={studies[0]}", f"b={studies[1] / 'study.json'}")
    assert headings[:3] == ["setting", "arm", "control"]
    assert first == ["a", "dsd", "control", "2", "8.50", "-0.75", "-3.90 to +2.40", "0.04", "0.35 / 0.5", "0.3 / 0.2",
                     "0.02 / 0.03", "gain"]
    assert second[4:] == ["8.50", "+0.75", "-3.90 to +2.40", "0.04", "", "", "", "harm"]


def test_alone_a_study_is_corrected_for_itself(studies):
    _, row = table(str(studies[0]))
    assert (row[0], row[7]) == ("nets", "0.02")  # named by the folder of its solver


def test_two_studies_of_one_name_are_refused(studies):
    result = CliRunner().invoke(TOOL["main"], [str(folder) for folder in studies])
    assert result.exit_code == 2 and "two studies are called nets" in result.output


def test_the_page_of_evidence_is_that_of_the_studies():
    text = read("dsd/EVIDENCE.md")
    named = re.findall(r'"([^"=]+=(models/[^"]+))"', text)
    assert {ROOT / path for _, path in named} == set(ROOT.glob("models/*/*study.json"))
    told = [line for line in text.splitlines() if line.startswith("| ") and line.count("|") == 13]
    result = CliRunner().invoke(TOOL["main"], [name.replace("=", f"={ROOT}/") for name, _ in named])
    assert result.output.splitlines() == told
