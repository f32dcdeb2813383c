"""The ways through pycaffe that are measured do what the net and the trainer do."""

from __future__ import annotations

import pytest

from netdef.pycaffe import mode


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(mode, "choices", mode.Choices(log_level=2))


def test_passes_and_steps_are_compared_with_the_net_and_the_trainer(tool, monkeypatch, tmp_path):
    bench = tool("bench_pycaffe")
    monkeypatch.setitem(bench.SUBJECTS, "lenet", bench.SUBJECTS["lenet"]._replace(batch=(3, 1, 28, 28)))
    passes = bench.passes("lenet", tmp_path)
    assert next(iter(passes)) == bench.PASS and len(passes) == 3
    outputs = [way() for way in passes.values()]
    assert all(found.keys() == {"prob"} for found in outputs)
    steps = bench.steps("lenet", tmp_path)  # ends the program if weights differ after two steps
    assert list(steps)[:2] == [bench.STEP, "solver.step(1)"] and len(steps) == 3


def test_a_net_without_files_is_written(tool, tmp_path):
    outputs = [way() for way in tool("bench_pycaffe").passes("squeezenet", tmp_path).values()]
    assert (tmp_path / "deploy.prototxt").exists()
    assert [next(iter(found.values())).shape for found in outputs] == [(1, 1000)] * 3
