"""What TensorBoard is given of a run."""

from __future__ import annotations

import sys

import pytest
from toys import toy

from dsd.observers.tensorboard import TensorBoard
from dsd.training.trainer import Trainer
from netdef.errors import NetdefError

TESTED = "display: 2 test_iter: 3 test_interval: 4"


def scalars(folder) -> dict[str, list[tuple[int, float]]]:
    """{tag: (step, value)} of all that was written, read by TensorBoard itself."""
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator", reason="needs tensorboard")
    found = accumulator.EventAccumulator(str(folder))
    found.Reload()
    return {tag: [(e.step, e.value) for e in found.Scalars(tag)] for tag in found.Tags()["scalars"]}


def test_losses_rates_tests_and_kept_weights(tmp_path):
    pytest.importorskip("tensorboard", reason="needs tensorboard")
    trainer = Trainer.from_file(toy(tmp_path, more=TESTED), observers=[TensorBoard(tmp_path / "board")])
    trainer.run()
    found = scalars(tmp_path / "board")
    assert [step for step, _ in found["train/loss"]] == [0, 2, 4, 6, 8, 10]
    phases = [trainer.phases[trainer.index_at(i)] for i in (0, 2, 4, 6, 8, 10)]
    rates = [phase.rates.at(i - phase.start) for i, phase in zip((0, 2, 4, 6, 8, 10), phases)]
    assert [rate for _, rate in found["train/rate"]] == pytest.approx(rates)
    assert {step for step, _ in found["test/accuracy"]} == {0, 4, 5, 8, 9, 12}
    assert found["phase"] == [(0, 0), (5, 0), (5, 1), (9, 1), (9, 2), (12, 2)]
    assert found["kept/ip2"] == [(0, 1), (5, 1), (5, pytest.approx(14 / 27)), (9, pytest.approx(14 / 27)), (9, 1), (12, 1)]


def test_a_resumed_run_replaces_what_came_after(tmp_path):
    pytest.importorskip("tensorboard", reason="needs tensorboard")
    solver = toy(tmp_path, more=TESTED)
    Trainer.from_file(solver, observers=[TensorBoard(tmp_path / "board")]).run()
    resumed = Trainer.from_file(solver, observers=[TensorBoard(tmp_path / "board")])
    resumed.restore(tmp_path / "run" / "toy_iter_9.solverstate")
    resumed.run()
    assert [step for step, _ in scalars(tmp_path / "board")["train/loss"]] == [0, 2, 4, 6, 8, 10]


def test_without_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(NetdefError, match=r"--tensorboard needs tensorboard; .*'netdef-dsd\[tensorboard\]'"):
        TensorBoard(tmp_path)
