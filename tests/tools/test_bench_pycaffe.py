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
    passes = bench.passes("lenet")
    assert next(iter(passes)) == bench.PASS and len(passes) == 3
    outputs = [way() for way in passes.values()]
    assert all(found.keys() == {"prob"} for found in outputs)
    steps = bench.steps("lenet", tmp_path)  # ends the program if weights differ after two steps
    assert list(steps)[:2] == [bench.STEP, "solver.step(1)"] and len(steps) == 3


def test_the_nets_are_those_with_files(tool):
    assert tool("bench_pycaffe").NETS == ["lenet", "cifar10_quick", "alexnet", "googlenet"]
