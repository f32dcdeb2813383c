"""What is found in the folders of killed commands."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from dsd.training.solverstate import State, write_state
from netdef.data.databases.datum_writer import DatumWriter
from netdef.errors import FileError
from netdef.schema.messages import Datum


@pytest.mark.parametrize(("events", "phase", "share"), [
    ([], "at its start", 0),
    ([("start", None, 0)], "at its start", 0),
    ([("start", None, 0), ("phase", "dense", 0), ("train", None, 60)], "dense", 0.2),
    ([("start", None, 0), ("phase", "dense", 0), ("phase", "sparse", 100), ("train", None, 150)], "sparse", 0.5),
    ([("phase", "dense", 0), ("start", None, 80)], "at its start", 80 / 300),
    ([("start", None, 0), ("phase", "re-dense", 200), ("end", None, 300)], "at its end", 1),
])
def test_how_far_a_run_came_by_its_metrics(tool, tmp_path, events, phase, share):
    lines = [json.dumps({"event": event, "name": name, "iteration": iteration}) for event, name, iteration in events]
    (tmp_path / "digits.jsonl").write_text("\n".join([*lines, '{"event": "tr']))
    scenarios = tool("fault_scenarios")
    assert scenarios.phase(tmp_path) == phase and scenarios.iterations(tmp_path) == pytest.approx(share)


def test_a_run_without_metrics_has_not_begun(tool, tmp_path):
    scenarios = tool("fault_scenarios")
    assert (scenarios.phase(tmp_path), scenarios.iterations(tmp_path)) == ("at its start", 0)


def test_a_state_without_its_weights_is_damaged(tool, tmp_path):
    scenarios = tool("fault_scenarios")
    scenarios.snapshots(tmp_path)  # nothing is there
    write_state(tmp_path / "digits_iter_7.solverstate", State(7, "digits_iter_7.caffemodel", [], 0))
    with pytest.raises(FileError, match="digits_iter_7.caffemodel"):
        scenarios.snapshots(tmp_path)


def test_the_result_of_a_study_is_its_tests_whatever_the_order_of_runs(tool, tmp_path):
    runs = [{"arm": "dsd", "seed": 2, "tests": [5], "seconds": 1}, {"arm": "control", "seed": 2, "tests": [6], "seconds": 2}]
    found = []
    for number, order in enumerate((runs, runs[::-1])):
        (tmp_path / str(number) / "out").mkdir(parents=True)
        (tmp_path / str(number) / "out" / "study.json").write_text(json.dumps({"runs": order}))
        found.append(tool("fault_scenarios").study(tmp_path / str(number)))
    assert found[0] == found[1] == [("control", 2, "[6]"), ("dsd", 2, "[5]")]


def test_the_items_of_a_database(tool, tmp_path):
    datums = [Datum(data=bytes(6), channels=1, height=2, width=3, label=label) for label in (4, 9)]
    with DatumWriter(tmp_path / "db") as writer:
        for datum in datums:
            writer.add(datum)
    assert tool("fault_scenarios").items(tmp_path) == [
        (b"%08d" % number, datum.SerializeToString()) for number, datum in enumerate(datums)]


def test_images_are_made_once_in_three_classes(tool, tmp_path):
    command = tool("fault_scenarios").images(tmp_path / "disturbed")
    pictures = sorted((tmp_path / "pictures").rglob("*.png"))
    assert command[:3] == ["dsd", "data", "images"] and len(pictures) == 300
    assert {path.parent.name for path in pictures} == {"0", "1", "2"}
    assert Image.open(tmp_path / "pictures" / "1" / "4.png").size == (64 + 4, 64)
    pictures[0].unlink()
    tool("fault_scenarios").images(tmp_path / "undisturbed")
    assert not pictures[0].exists()


def test_the_scenarios_and_the_solver(tool, tmp_path):
    scenarios = tool("fault_scenarios")
    assert list(scenarios.SCENARIOS) == ["train", "ranks", "study", "convert", "data", "full"]
    assert all(name == scenario.name for name, scenario in scenarios.SCENARIOS.items())
    command = scenarios.SCENARIOS["train"].command(tmp_path / "run")
    assert command == ["dsd", "train", str(tmp_path / "run" / "solver.prototxt"), "--resume", "auto"]
    assert f'snapshot_prefix: "{tmp_path / "run" / "digits"}"' in (tmp_path / "run" / "solver.prototxt").read_text()
