"""The audit of weight files and solver states."""

from __future__ import annotations

import pytest
import torch
from toys import toy

from dsd import Trainer
from dsd.masks.mask import mask_hash
from dsd.training.audit_snapshot import audit_files, state_beside
from netdef.errors import FileError, NetdefError
from netdef.weights.save import save_weights


def sparse_snapshot(tmp_path, **options):
    trainer = Trainer.from_file(toy(tmp_path, **options))
    trainer.step(8)
    return trainer, *trainer.snapshot()


@pytest.mark.parametrize("format", ["BINARYPROTO", "HDF5"])
def test_files_have_the_masks_that_training_attached(tmp_path, format):
    trainer, weights, state = sparse_snapshot(tmp_path, more=f"snapshot_format: {format}")
    assert state_beside(weights) == state
    audit = audit_files(tmp_path / "net.prototxt", [weights], state)
    assert audit.holds and audit.iteration == 8 and audit.mask_hash == mask_hash(trainer.masks)
    assert [(layer.layer, layer.kept) for layer in audit.layers] == [("conv2", 56), ("ip1", 504), ("ip2", 14)]
    assert all(layer.largest_history == 0 for layer in audit.layers)
    alone = audit_files(tmp_path / "net.prototxt", [weights])
    assert alone.mask_hash == audit.mask_hash and alone.layers[0].largest_history is None


def test_a_weight_file_that_leaks_and_a_state_of_another_mask(tmp_path):
    trainer, weights, state = sparse_snapshot(tmp_path)
    mask = trainer.masks["ip2_mask"]
    with torch.no_grad():
        trainer.mask_weight("ip2_mask").masked_fill_(~mask, -0.0)
    other = trainer.masks["conv2_mask"].flip(0)
    trainer.net.masks["conv2_mask"].set(other)
    save_weights(trainer.net, weights)
    audit = audit_files(tmp_path / "net.prototxt", [weights], state)
    assert len(audit.violations) == 3
    assert audit.violations[0] == f"layer `conv2` has another mask in {state} than in {weights}"
    assert "`conv2` has" in audit.violations[1] and "not +0.0" in audit.violations[1]
    assert audit.violations[2] == "layer `ip2` has 13 pruned weights that are not +0.0, the largest of magnitude 0"


def test_files_that_cannot_be_audited(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(2)
    dense, _ = trainer.snapshot()
    plain = Trainer.from_file(toy(tmp_path / "plain", phases="max_iter: 2"))
    weights, state = plain.snapshot()
    with pytest.raises(NetdefError, match="holds no masks, nor does .*: there is nothing to audit"):
        audit_files(tmp_path / "plain" / "net.prototxt", [weights], state)
    net = tmp_path / "other.prototxt"
    net.write_text((tmp_path / "net.prototxt").read_text().replace('name: "ip2"', 'name: "score"'))
    with pytest.raises(NetdefError, match="mask `ip2_mask` covers no weight of"):
        audit_files(net, [dense])
    net.write_text((tmp_path / "net.prototxt").read_text().replace(" bias_term: false", ""))
    with pytest.raises(FileError):
        audit_files(net, [dense])
