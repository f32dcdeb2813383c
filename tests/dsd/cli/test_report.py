from __future__ import annotations

import builtins
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import output_of
from toys import toy

from dsd.cli.report import main
from dsd.cli.study import main as study_main
from dsd.cli.train import main as train_main


def report(*args: object, status: int = 0) -> str:
    output = output_of(main, *args, status=status)
    assert "Traceback" not in output
    return output


PHASES = """
    dsd_phase { name: "dense" max_iter: 5 }
    dsd_phase { name: "sparse" max_iter: 4 sparsity: 0.3 exclude: "conv2" exclude: "ip2" }
    dsd_phase { name: "re-dense" max_iter: 3 }
"""


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot prefix of a run of dsd-train, in which one layer is pruned."""
    folder = tmp_path_factory.mktemp("trained")
    solver = toy(folder, phases=PHASES, more="display: 1 test_iter: 3 test_interval: 4")
    result = CliRunner().invoke(train_main, [str(solver)])
    assert result.exit_code == 0, result.output
    return folder / "run" / "toy"


def test_a_run_of_dsd_train_has_its_report_beside_it(trained):
    folder = trained.with_name("toy_report")
    shown = report(trained).split()
    names = ["report.html", "curves.png", "kept.png", "histograms_ip1.png"]
    assert shown == [str(folder / name) for name in names]
    assert "Weights that came back" in (folder / "report.html").read_text()
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in names[1:])


def test_a_run_is_named_by_folder_or_file_and_out_is_followed(trained, tmp_path):
    assert str(tmp_path / "here" / "report.html") in report(f"{trained}.jsonl", "--out", tmp_path / "here")
    assert (tmp_path / "here" / "curves.png").is_file()


def test_damaged_lines_are_reported(trained, tmp_path):
    path = tmp_path / "a.jsonl"
    lines = Path(f"{trained}.jsonl").read_text().splitlines()
    path.write_text("\n".join([*lines[:3], "###", *lines[3:9]]) + "\n")
    assert "note: Damaged lines of a.jsonl are left out: 4." in report(path)


@pytest.mark.parametrize("name, content, complaint", [
    ("a.jsonl", None, "no such run"),
    ("a.jsonl", "", "holds no line of a run yet"),
    ("a.jsonl", "\x00\n", "is damaged"),
    ("a.jsonl", '{"event": "end"}\n', "do not begin with a `start`"),
    ("study.json", "{", "not JSON, or damaged"),
    ("study.json", json.dumps({"format": "dsd-study", "version": 99}), "is a study of version 99"),
])
def test_mistakes_end_with_a_message_and_2(tmp_path, name, content, complaint):
    if content is not None:
        (tmp_path / name).write_text(content)
    assert complaint in report(tmp_path / name, status=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ([] if content is None else [name])


def test_an_out_folder_that_is_a_file_is_refused(trained, tmp_path):
    (tmp_path / "a").write_text("")
    assert "cannot be made" in report(trained, "--out", tmp_path / "a" / "b", status=2)


@pytest.mark.slow
def test_a_study_and_one_of_its_runs_have_reports(tmp_path, study_in_process):
    """The files of a real dsd-study: two arms and their control."""
    solver = toy(tmp_path, more="test_iter: 3 test_interval: 4")
    result = CliRunner().invoke(study_main, [str(solver), "--seeds=2", "--arms=dsdsd", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert report(tmp_path / "out").split() == [
        str(tmp_path / "out" / "report" / name) for name in ("report.html", "study.png", "differences.png")]
    page = (tmp_path / "out" / "report" / "report.html").read_text()
    assert "dsdsd: " in page and "on average over 2 seeds" in page
    (folder,) = (tmp_path / "out" / "runs").glob("dsdsd-seed-1-*")
    report(folder)
    page = (folder / "run_report" / "report.html").read_text()
    assert "Overlap of masks" in page and "end of re-dense again" in page


def test_without_matplotlib_the_extra_is_named(trained, monkeypatch):
    real = builtins.__import__

    def absent(name, *args, **kwargs):
        if name.split(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", absent)
    assert "pip install 'netdef-dsd[plot]'" in report(trained, status=2)
