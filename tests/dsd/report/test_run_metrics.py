from __future__ import annotations

import json

import pytest

from dsd.report.run_metrics import PhaseSpan, RunMetrics, find_run
from netdef.errors import FileError


def written(path, *events):
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return path


def start(iteration=0, **more):
    phases = [dict(name="dense", start=0, end=4, sparsity=None), dict(name="sparse", start=4, end=6, sparsity=0.5)]
    return dict(event="start", iteration=iteration, time=1.0, max_iter=6, phases=phases, **more)


def train(iteration, loss):
    return dict(event="train", iteration=iteration, phase="dense", loss=loss, time=2.0)


def test_a_run_has_phases_moments_and_an_end(lines):
    run = RunMetrics(lines)
    assert [(p.name, p.start, p.end, p.sparse) for p in run.phases] == [
        ("dense", 0, 5, False), ("sparse", 5, 9, True), ("re-dense", 9, 12, False)]
    assert run.finished and run.iteration == 12 and not run.damaged
    assert [m.title for m in run.layers["ip1"]] == [
        "start of dense", "end of dense", "start of sparse", "end of sparse", "start of re-dense", "end of re-dense"]
    assert all(sum(g.total for g in m.groups.values()) == (m.weights if m.kept is None else m.kept)
               for m in run.layers["ip1"])


def test_phases_of_old_files_are_sparse_if_they_have_a_sparsity(tmp_path):
    run = RunMetrics(written(tmp_path / "a.jsonl", start()))
    assert run.phases == [PhaseSpan("dense", 0, 4, False), PhaseSpan("sparse", 4, 6, True, 0.5)]


def test_events_repeated_by_a_resumed_run_count_once(tmp_path):
    run = RunMetrics(written(
        tmp_path / "a.jsonl", start(), train(0, 9.0), train(1, 8.0), train(2, 7.0), train(3, 6.0),
        dict(event="end", iteration=4, early=True, time=3.0), start(2), train(2, 5.0)))
    assert [(e["iteration"], e["loss"]) for e in run.of("train")] == [(0, 9.0), (1, 8.0), (2, 5.0)]
    assert run.end is None and len(run.starts) == 2 and run.iteration == 2


def test_an_incomplete_last_line_is_ignored(lines, tmp_path):
    text = lines.read_text()
    path = tmp_path / "a.jsonl"
    path.write_text(text[: text.index('"phase_end"') + 20])
    run = RunMetrics(path)
    assert run.end is None and not run.damaged and run.iteration <= 5


@pytest.mark.parametrize("events, complaint", [
    ([dict(event="train", iteration=1, time=1.0)], "do not begin with a `start`"),
    ([dict(event="start", time=1.0)], "do not begin with a `start`"),
    ([dict(event="start", iteration=0, time=1.0, phases=[{}])], "damaged, or of another version"),
    ([start(), dict(event="weights", iteration=0, phase="dense", layers={"a": {}}, time=1.0)], "of another version"),
    ([start(), dict(event="train", loss=1.0)], "of another version"),
    ([start(), dict(event="weights", iteration=0, phase="dense", layers=[], time=1.0)], "of another version"),
])
def test_json_lines_without_a_run_are_refused(tmp_path, events, complaint):
    with pytest.raises(FileError, match=complaint):
        RunMetrics(written(tmp_path / "a.jsonl", *events))


def test_a_run_is_found_by_file_prefix_and_folder(tmp_path):
    path = written(tmp_path / "net.jsonl", start())
    assert find_run(path) == find_run(tmp_path / "net") == find_run(tmp_path) == path
    written(tmp_path / "other.jsonl", start())
    with pytest.raises(FileError, match="holds several runs; name one of net.jsonl, other.jsonl"):
        find_run(tmp_path)
    (tmp_path / "study.json").write_text("{}")
    assert find_run(tmp_path) == tmp_path / "study.json"


def test_a_missing_run_is_refused(tmp_path):
    with pytest.raises(FileError, match="no such run"):
        find_run(tmp_path / "nothing")
    with pytest.raises(FileError, match="holds no run"):
        find_run(tmp_path)
