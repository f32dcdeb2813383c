"""Audits: the reported facts, and every way in which a mask can leak."""

from __future__ import annotations

import json

import pytest
import torch
from toys import toy

from dsd import Trainer
from dsd.engine.audit import AuditError, audit_mask, violations_of
from dsd.observers.metrics import JsonLines
from dsd.training.events import Observer

KEPT = torch.tensor([[True, False, False], [True, True, False]])


class Audits(Observer):
    def __init__(self):
        self.found = []

    def audited(self, trainer, audit):
        self.found.append((trainer.phase_in_force.name, audit))


@pytest.mark.parametrize(("values", "not_zero", "largest"), [
    ([[1, 0, 0], [2, 3, 0]], 0, 0.0),
    ([[1, 0, -0.5], [2, 3, 0.25]], 2, 0.5),
    ([[1, 0, -0.0], [2, 3, 0]], 1, 0.0),
    ([[1, 0, float("nan")], [2, 3, 0]], 1, float("nan")),
    ([[0, 0, 0], [-0.0, 3, 0]], 0, 0.0),  # a survivor may be what it likes
])
def test_facts_of_a_weight_are_reported(values, not_zero, largest):
    found = audit_mask("ip", torch.tensor(values), KEPT, wanted=3)
    assert (found.weights, found.kept, found.wanted, found.not_zero) == (6, 3, 3, not_zero)
    assert found.largest_pruned == largest or (largest != largest and found.largest_pruned != found.largest_pruned)
    assert found.largest_history is None
    assert bool(violations_of(found)) == bool(not_zero)


def test_facts_of_histories_are_reported():
    histories = [torch.zeros(2, 3), torch.tensor([[9.0, 0, -0.25], [9, 9, 0]])]
    found = audit_mask("ip", torch.zeros(2, 3), KEPT, 4, histories)
    assert found.largest_history == 0.25
    assert violations_of(found) == ["layer `ip` keeps 3 of 6 weights, the phase says 4"]
    assert violations_of(found, histories_empty=True)[1] == (
        "layer `ip` has histories of pruned weights up to 0.25; under MASK_BLOB they are empty")


def test_a_run_is_audited_at_the_end_of_each_sparse_phase(tmp_path):
    audits = Audits()
    trainer = Trainer.from_file(toy(tmp_path), observers=[audits, JsonLines(tmp_path / "run.jsonl")])
    trainer.run()
    ((name, audit),) = audits.found
    assert (name, audit.iteration, audit.ranks, audit.violations) == ("sparse", 9, 1, ())
    assert [(layer.layer, layer.weights, layer.kept, layer.wanted) for layer in audit.layers] == [
        ("conv2", 80, 56, 56), ("ip1", 720, 504, 504), ("ip2", 27, 14, 14)]
    assert all((layer.not_zero, layer.largest_pruned, layer.largest_history) == (0, 0, 0) for layer in audit.layers)
    events = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    (event,) = [event for event in events if event["event"] == "audit"]
    assert event["mask_hash"] == audit.mask_hash and event["violations"] == []
    assert event["layers"][2]["kept"] == 14


@pytest.mark.parametrize("constraint", ["ZERO_AFTER_STEP", "MASK_UPDATE"])
def test_histories_of_dense_updates_are_reported(tmp_path, constraint):
    phase = f"dsd_phase {{ max_iter: 3 sparsity: 0.3 constraint: {constraint} }}"
    trainer = Trainer.from_file(toy(tmp_path, phases=phase))
    trainer.step(3)
    audit = trainer.audit()
    assert audit.holds and all(layer.largest_history > 0 for layer in audit.layers)


def test_a_global_threshold_keeps_its_total(tmp_path):
    phase = 'dsd_phase { max_iter: 3 sparsity: 0.3 scope: GLOBAL layer { name: "ip2" sparsity: 0.5 } }'
    trainer = Trainer.from_file(toy(tmp_path, phases=phase))
    trainer.step(1)
    assert trainer.audit().holds
    mask = trainer.masks["ip1_mask"]
    mask[~mask.clone()] = True
    assert any("ranked together keep" in text for text in trainer.audit().violations)


class Leak(Observer):
    """Writes a pruned weight behind the solver's back, in the last test of the sparse phase."""

    def snapshotted(self, trainer, weights, state):
        if trainer.phase_in_force.sparse:
            with torch.no_grad():
                weight, mask = trainer.mask_weight("ip1_mask"), trainer.masks["ip1_mask"]
                weight[tuple((~mask).nonzero()[0])] = -0.125


def test_a_leak_ends_the_run_with_an_error(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path), observers=[Leak()])
    with pytest.raises(AuditError) as error:
        trainer.run()
    assert str(error.value).splitlines() == [
        "phase `sparse`: the masks did not hold",
        "  layer `ip1` has 1 pruned weights that are not +0.0, the largest of magnitude 0.125"]
    assert trainer.iteration == 9 and error.value.exit_status == 1
