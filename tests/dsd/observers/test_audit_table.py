"""Audits as tables."""

from __future__ import annotations

from toys import toy

from dsd import Trainer
from dsd.observers.audit_table import audit_table
from dsd.training.audit_snapshot import audit_files


def test_table_leaves_out_unknown_columns(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path, phases="dsd_phase { max_iter: 3 sparsity: 0.3 }"))
    trainer.step(1)
    table = audit_table(trainer.audit())
    assert [column.header for column in table.columns] == [
        "layer", "weights kept", "the phase says", "largest pruned weight", "largest history of one"]
    assert list(table.columns[2].cells) == ["56", "504", "19"]
    alone = audit_files(tmp_path / "net.prototxt", [trainer.snapshot()[0]])
    headers = [column.header for column in audit_table(alone).columns]
    assert headers == ["layer", "weights kept", "largest pruned weight"]
    assert "every check passes" in audit_table(alone).caption


def test_table_of_masks_that_keep_all(tmp_path):
    """As after a re-dense phase: the hash would be that of no masks, and no fact was there to hold."""
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.run()
    audit = audit_files(tmp_path / "net.prototxt", [trainer.snapshot()[0]])
    assert audit_table(audit).caption == "every mask keeps all its weights: nothing is pruned"


def test_table_names_layers_that_keep_nothing(tmp_path):
    phases = 'dsd_phase { max_iter: 3 sparsity: 0.3 layer { name: "ip2" sparsity: 0.99 } }'
    trainer = Trainer.from_file(toy(tmp_path, phases=phases))
    trainer.step(1)
    assert audit_table(trainer.audit()).caption.endswith("; every check passes; nothing is kept of ip2")
