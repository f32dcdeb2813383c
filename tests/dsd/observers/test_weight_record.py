"""Records at the borders of phases, compared with the weights themselves."""

from __future__ import annotations

import pytest
import torch
from toys import PHASES, toy

from dsd.observers.metrics import JsonLines
from dsd.observers.metrics_lines import read_lines
from dsd.observers.weight_record import WeightRecord
from dsd.training.events import Observer
from dsd.training.trainer import Trainer

TWICE = PHASES + """
    dsd_phase { name: "sparse 2" max_iter: 3 sparsity: 0.4 }
    dsd_phase { name: "re-dense 2" max_iter: 2 }
"""


class Keep(Observer):
    """Weights and masks of ip1 at every border: {(phase, moment): (weight, kept)}."""

    def __init__(self):
        self.found = {}

    def phase_began(self, trainer, phase):
        self._keep(trainer, phase.name, "begin")

    def phase_ended(self, trainer, result):
        self._keep(trainer, result.phase.name, "end")

    def _keep(self, trainer, phase, moment):
        key = next(key for key, readers in trainer.net.masked.items() if readers[0][0] == "ip1")
        kept = trainer.masks.get(key)
        weight = trainer.mask_weight(key).detach().clone().flatten()
        self.found[phase, moment] = weight, None if kept is None else kept.clone().flatten()


def trainer(solver, path, *more, state=None) -> Trainer:
    lines = JsonLines(path)
    made = Trainer.from_file(solver, observers=[lines, WeightRecord(lines), *more])
    if state is not None:
        made.restore(state)
    return made


def recorded(path) -> list[dict]:
    return [event for event in read_lines(path)[0] if event["event"] == "weights"]


def ip1(path) -> dict[tuple[str, str], dict]:
    return {(e["phase"], e["moment"]): e["layers"]["ip1"] for e in recorded(path)}


def timeless(events: list[dict]) -> list[dict]:
    return [{name: value for name, value in event.items() if name != "time"} for event in events]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    solver, path, keep = toy(folder, phases=TWICE), folder / "run" / "toy.jsonl", Keep()
    trainer(solver, path, keep).run()
    return solver, path, keep.found


def test_every_border_is_recorded_for_every_masked_layer(run):
    events = recorded(run[1])
    names = ["dense", "sparse", "re-dense", "sparse 2", "re-dense 2"]
    assert [(e["phase"], e["moment"]) for e in events] == [(n, m) for n in names for m in ("begin", "end")]
    assert [e["iteration"] for e in events] == [0, 5, 5, 9, 9, 12, 12, 15, 15, 17]
    assert all(list(e["layers"]) == ["conv2", "ip1", "ip2"] for e in events)


def test_groups_are_histograms_of_the_right_weights(run):
    _, path, kept = run
    found = ip1(path)
    weight, mask = kept["sparse", "end"]
    assert list(found["dense", "end"]["groups"]) == ["all"]
    assert found["sparse", "end"]["kept"] == int(mask.sum()) == round(0.7 * weight.numel())
    group = found["sparse", "end"]["groups"]["kept"]
    assert sum(group["counts"]) == int(mask.sum())
    assert group["mean_abs"] == pytest.approx(float(weight[mask].abs().mean()), rel=1e-5)
    begun, ended = found["re-dense", "begin"]["groups"], found["re-dense", "end"]["groups"]
    assert begun["reborn"]["zeros"] == int((~mask).sum()) and begun["reborn"]["counts"] == []
    assert sum(ended["old"]["counts"]) == int(mask.sum())
    weight, _ = kept["re-dense", "end"]
    assert ended["reborn"]["mean_abs"] == pytest.approx(float(weight[~mask].abs().mean()), rel=1e-4)


def test_the_threshold_lies_between_what_was_pruned_and_what_was_kept(run):
    _, path, kept = run
    weight, _ = kept["dense", "end"]
    _, mask = kept["sparse", "begin"]
    threshold = ip1(path)["sparse", "begin"]["threshold"]
    assert threshold == pytest.approx(float(weight[mask].abs().min()), rel=1e-6)
    assert float(weight[~mask].abs().max()) <= threshold * (1 + 1e-6)
    assert ip1(path)["re-dense", "end"]["threshold"] == threshold


def test_drift_and_regrowth_are_those_of_the_weights(run):
    _, path, kept = run
    found = ip1(path)
    mask = kept["sparse", "end"][1]
    for phase, among in (("sparse", mask), ("re-dense", mask)):
        before, after = (kept[phase, moment][0][among].double() for moment in ("begin", "end"))
        drift = found[phase, "end"]["drift"]
        assert drift["count"] == int(mask.sum())
        assert drift["distance"] == pytest.approx(float((after - before).norm() / before.norm()), rel=1e-5)
        assert drift["cosine"] == pytest.approx(float(after @ before / after.norm() / before.norm()), rel=1e-5)
    regrown, weight = found["re-dense 2", "end"]["regrown"], kept["re-dense 2", "end"][0]
    reborn = weight[~kept["sparse 2", "end"][1]]
    threshold = kept["sparse 2", "begin"]
    threshold = float(threshold[0][threshold[1]].abs().min())
    assert regrown["count"] == len(reborn)
    assert regrown["above"] == int((reborn.abs() >= threshold).sum())


def test_overlap_is_with_the_sparse_phase_before(run):
    _, path, kept = run
    before, now = kept["sparse", "end"][1], kept["sparse 2", "end"][1]
    found = ip1(path)
    assert found["sparse", "end"]["overlap"] is None
    assert found["sparse 2", "begin"]["overlap"] == {
        "weights": now.numel(), "kept_before": int(before.sum()), "kept_now": int(now.sum()),
        "kept_both": int((before & now).sum())}


@pytest.mark.parametrize("iteration", [5, 7, 9, 13, 15])
def test_a_resumed_run_records_the_same(run, tmp_path, iteration):
    """In the middle of phases and at their borders; weights and masks of before come from the snapshots."""
    whole = timeless(recorded(run[1]))
    solver, path = toy(tmp_path, phases=TWICE, more="snapshot: 1"), tmp_path / "run" / "toy.jsonl"
    trainer(solver, path).run()
    lines = path.read_text().splitlines(keepends=True)
    cut = next(i for i, line in enumerate(lines) if f'"iteration": {iteration + 1},' in line)
    path.write_text("".join(lines[:cut]))
    trainer(solver, path, state=tmp_path / "run" / f"toy_iter_{iteration}.solverstate").run()
    later = {(e["phase"], e["moment"]): e for e in timeless(recorded(path))}
    assert list(later.values()) == whole


def test_unknown_facts_of_a_resumed_run_are_null(tmp_path):
    solver, path = toy(tmp_path, phases=TWICE, more="snapshot: 1"), tmp_path / "run" / "toy.jsonl"
    trainer(solver, path).run()
    for file in (tmp_path / "run").glob("toy_iter_*"):
        if "_iter_13." not in file.name:
            file.unlink()
    trainer(solver, tmp_path / "other.jsonl", state=tmp_path / "run" / "toy_iter_13.solverstate").run()
    found = ip1(tmp_path / "other.jsonl")
    assert found["sparse 2", "end"]["drift"] is None and found["sparse 2", "end"]["overlap"] is None
    assert found["re-dense 2", "end"]["drift"] is not None
    regrown = found["re-dense 2", "end"]["regrown"]
    assert regrown["above"] is None and regrown["count"] > 0


def test_masks_without_a_single_threshold_have_none(tmp_path):
    phases = PHASES.replace('sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 }', "sparsity: 0.3 mask_policy: RANDOM")
    path = tmp_path / "a.jsonl"
    trainer(toy(tmp_path, phases=phases), path).run()
    found = ip1(path)
    assert found["sparse", "begin"]["threshold"] is None
    assert found["re-dense", "end"]["regrown"]["above"] is None


def test_dynamic_records_its_threshold(tmp_path):
    phases = PHASES.replace('sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 }', "sparsity: 0.3 mask_policy: DYNAMIC")
    made = trainer(toy(tmp_path, phases=phases), tmp_path / "a.jsonl")
    made.run()
    found = ip1(tmp_path / "a.jsonl")
    assert found["sparse", "begin"]["threshold"] > 0
    assert found["re-dense", "end"]["regrown"]["threshold"] == found["sparse", "begin"]["threshold"]


def test_a_run_without_masks_records_nothing(tmp_path):
    path = tmp_path / "a.jsonl"
    trainer(toy(tmp_path, phases="max_iter: 2"), path).run()
    assert recorded(path) == []


def test_recording_changes_no_weight(run, tmp_path):
    solver = toy(tmp_path, phases=TWICE)
    alone = Trainer.from_file(solver)
    alone.run()
    key = next(key for key, readers in alone.net.masked.items() if readers[0][0] == "ip1")
    assert torch.equal(alone.mask_weight(key).detach().flatten(), run[2]["re-dense 2", "end"][0])
