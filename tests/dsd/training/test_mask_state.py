"""Masks in solver states."""

from __future__ import annotations

from snapshots import refused, snapshot_at
from toys import toy

from dsd import Trainer
from dsd.training.solverstate import State, read_state, write_state
from netdef.schema.messages import NetParameter


def test_masks_travel_in_both_files(tmp_path):
    state = snapshot_at(tmp_path, 7)
    assert [mask.layer for mask in read_state(state).dsd.mask] == ["conv2_mask", "ip1_mask", "ip2_mask"]
    saved = NetParameter.FromString(state.with_suffix(".caffemodel").read_bytes())
    masks = {layer.name: layer.mask_param for layer in saved.layer if layer.type == "Mask"}
    assert list(masks["ip2_mask"].shape.dim) == [3, 9] and len(masks["ip2_mask"].bits) == 4
    assert all(not layer.blobs for layer in saved.layer if layer.type == "Mask")  # stock Caffe counts blobs


def test_the_originals_state_in_a_sparse_phase_has_no_masks(tmp_path):
    state = snapshot_at(tmp_path, 7)
    known = read_state(state)
    write_state(state, State(known.iteration, known.learned_net, known.history, known.current_step))
    assert "holds no masks, but iteration 7 lies in the sparse phase `sparse`" in refused(
        Trainer.from_file(toy(tmp_path)), state)


def test_a_mask_without_its_threshold_or_with_other_values_under_it(tmp_path):
    phases = "dsd_phase { max_iter: 9 sparsity: 0.3 mask_policy: DYNAMIC }"
    path = snapshot_at(tmp_path, 7, phases=phases)
    state = read_state(path)
    state.dsd.mask[2].ClearField("threshold")
    write_state(path, state)
    assert "does not hold the values under mask `ip2_mask`" in refused(Trainer.from_file(toy(tmp_path, phases=phases)), path)
    state.dsd.mask[0].under.data.pop()
    write_state(path, state)
    said = refused(Trainer.from_file(toy(tmp_path, phases=phases)), path)
    assert said == f"{path}: a blob of shape (5, 4, 2, 2) has 80 values; 79 are there"


def test_a_state_without_what_lies_under_its_masks(tmp_path):
    sparse = "dsd_phase { max_iter: 5 sparsity: 0.5 }"
    state = snapshot_at(tmp_path, 4, phases=f"{sparse} dsd_phase {{ max_iter: 2 }}")
    other = Trainer.from_file(toy(tmp_path, phases=f"{sparse} dsd_phase {{ max_iter: 2 regrow: SAVED }}"))
    assert "does not hold the values under mask `conv2_mask`" in refused(other, state)
