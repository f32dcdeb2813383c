"""The metrics of an attached run, and the page that `dsd-report` makes of them."""

from __future__ import annotations

import pytest
import torch
from click.testing import CliRunner
from plain_loop import PRUNED, Net, loss_of, train
from torch import optim

from dsd.attached.attach import attach
from dsd.attached.phases import Dense, Sparse
from dsd.attached.recorder import Recorder
from dsd.cli.report import main as report
from dsd.report.run_metrics import RunMetrics

PHASES = [Dense(4), Sparse(4, sparsity=0.4, lr=0.5), Dense(4, lr=0.25), Sparse(2, sparsity=0.5)]
LAYERS = [name.removesuffix(".weight") for name in PRUNED]


def record(path, steps: range, **options) -> list[float]:
    """Train for some steps, from the state of the steps before if there are any; the losses."""
    model, losses = Net(), []
    optimizer = optim.SGD(model.parameters(), lr=0.2)

    def scores():
        model.eval()
        return {"accuracy": 0.25, "loss": float(loss_of(model, 0))}

    recorder = Recorder(path, every=3, test=scores)
    run = attach(model, optimizer, PHASES, observers=[recorder], **options)
    for step in steps:
        assert model.training and model.norm.training
        loss = loss_of(model, step)
        recorder.loss(loss)
        losses.append(float(loss.detach()))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if run.iteration == 6:
            recorder.test(accuracy=0.75)
    run.detach()
    return losses


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    path = tmp_path_factory.mktemp("recorded") / "runs" / "net.jsonl"
    return path, record(path, range(14))


def test_losses_rates_and_scores(recorded):
    path, losses = recorded
    run = RunMetrics(path)
    assert run.finished and run.iteration == 14 and run.start["net"] == "Net" and "lr: 0.2" in run.start["text"]
    train = [(e["iteration"], e["phase"], e["rate"]) for e in run.of("train")]
    assert train == [(0, "dense", 0.2), (3, "dense", 0.2), (6, "sparse", 0.1), (9, "re-dense", 0.05), (12, "sparse", 0.05)]
    means = [losses[0], *(sum(losses[i - 2 : i + 1]) / 3 for i in (3, 6, 9, 12))]
    assert [e["loss"] for e in run.of("train")] == pytest.approx(means, rel=1e-6)
    tests = [(e["iteration"], e["phase"], e["outputs"][0]["accuracy"]) for e in run.of("test")]
    assert tests == [(4, "dense", 0.25), (6, "sparse", 0.75), (8, "sparse", 0.25), (12, "re-dense", 0.25), (14, "sparse", 0.25)]


def test_masks_audits_and_weights(recorded):
    run = RunMetrics(recorded[0])
    assert [e["masks"] for e in run.of("phase")] == [
        {}, {"conv2.weight": 36, "fc1.weight": 189, "fc2.weight": 17}, {},
        {"conv2.weight": 30, "fc1.weight": 158, "fc2.weight": 14}]
    assert [(e["iteration"], e["violations"]) for e in run.of("audit")] == [(8, []), (14, [])]
    assert list(run.layers) == LAYERS
    moments = run.layers["fc1"]
    assert [(m.title, m.kept) for m in moments if m.kept] == [
        ("start of sparse", 189), ("end of sparse", 189), ("start of sparse", 158), ("end of sparse", 158)]
    assert moments[5].regrown.count == 126 and set(moments[5].groups) == {"old", "reborn"}
    assert moments[6].overlap.kept_before == 189


def test_the_page(recorded, tmp_path):
    done = CliRunner().invoke(report, [str(recorded[0]), "--out", str(tmp_path / "page")])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "page" / "report.html").read_text()
    for words in ("Net: net", "finished: 14 iterations", "Every check passes", "test accuracy", "SGD ("):
        assert words in page
    assert {path.name for path in (tmp_path / "page").glob("histograms_*.png")} == {
        f"histograms_{layer}.png" for layer in LAYERS}


def test_a_phase_that_ends_early(tmp_path):
    model = Net()
    optimizer = optim.SGD(model.parameters(), lr=0.2)
    run = attach(model, optimizer, PHASES, observers=[Recorder(tmp_path / "a.jsonl")])
    train(model, optimizer, range(2))
    run.end_phase()
    train(model, optimizer, range(2, 12))
    metrics = RunMetrics(tmp_path / "a.jsonl")
    assert metrics.finished and [(p.name, p.start, p.end) for p in metrics.phases] == [
        ("dense", 0, 2), ("sparse", 2, 6), ("re-dense", 6, 10), ("sparse", 10, 12)]
    assert [m.title for m in metrics.layers["fc1"]][:3] == ["start of dense", "end of dense", "start of sparse"]


def test_a_run_that_is_detached_early(tmp_path):
    record(tmp_path / "a.jsonl", range(5))
    run = RunMetrics(tmp_path / "a.jsonl")
    assert run.end["early"] and run.end["iteration"] == 5


def test_a_resumed_run_is_appended(tmp_path):
    path = tmp_path / "a.jsonl"
    model = Net()
    run = attach(model, optim.SGD(model.parameters(), lr=0.2), PHASES)
    run.iteration = 5
    run._begin(1)
    record(path, range(5))
    record(path, range(5, 14), state=run.state_dict())
    metrics = RunMetrics(path)
    assert [start["iteration"] for start in metrics.starts] == [0, 5] and metrics.finished
    assert [e["name"] for e in metrics.of("phase_end")] == ["dense", "sparse", "re-dense", "sparse"]


def test_losses_before_a_run_are_not_written(tmp_path):
    recorder = Recorder(tmp_path / "a.jsonl")
    recorder.loss(torch.tensor(2.0))
    recorder.test(accuracy=0.5)
    assert not (tmp_path / "a.jsonl").exists()


def test_what_cannot_be_recorded_is_refused(tmp_path):
    with pytest.raises(ValueError, match="`every` is 0; it must be at least 1 step"):
        Recorder(tmp_path / "mine.jsonl", every=0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 2))
    recorder = Recorder(tmp_path / "mine.jsonl", test=lambda: 0.5)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    attach(model, optimizer, [Dense(1)], observers=[recorder])
    model(torch.ones(4, 3)).sum().backward()
    with pytest.raises(TypeError, match='`test` returned 0.5; a dictionary is wanted, such as {"accuracy": 0.93}'):
        optimizer.step()
