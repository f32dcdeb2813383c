"""What differs from a snapshot is told with its place, and the run goes on; what cannot go on is refused."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from snapshots import snapshot_at
from toys import NET, PHASES, toy

from dsd import Trainer
from netdef.errors import FileError


def told(solver: Path, state: Path, **options: int | float) -> tuple[Trainer, str]:
    """The restored trainer, and the warnings of restoring."""
    trainer = Trainer.from_file(solver, **options)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        trainer.restore(state)
    return trainer, "\n".join(str(one.message) for one in found)


def refusal(solver: Path, state: Path) -> str:
    with pytest.raises(FileError) as error:
        Trainer.from_file(solver).restore(state)
    assert str(error.value).startswith(f"{state}: does not go on with this solver\n{solver}:")
    return str(error.value)


def test_nothing_is_told_where_nothing_differs(tmp_path):
    state = snapshot_at(tmp_path, 7)
    assert told(toy(tmp_path, more="display: 3 snapshot: 4"), state)[1] == ""


def test_another_sparsity_in_the_middle_of_its_phase_holds_from_the_next_on(tmp_path):
    state = snapshot_at(tmp_path, 7)
    trainer, said = told(toy(tmp_path, phases=PHASES.replace("0.3", "0.6").replace("0.5", "0.7")), state)
    assert "phase 2, `sparse`: `sparsity` is 0.6, in the snapshot 0.3: the phase is in progress, and goes on with" in said
    assert '`layer` is { name: "ip2" sparsity: 0.7 }, in the snapshot { name: "ip2" sparsity: 0.5 }' in said
    assert said.count("solver.prototxt:5:") == 2 and "^~~" in said
    trainer.run()  # the audit finds the masks that the snapshot's text says


@pytest.mark.parametrize("third", [("0.6", "0.7"), ("0.3", "0.5"), ("0.2", "0.1")])
def test_a_run_with_another_sparsity_goes_on_from_its_own_snapshots(tmp_path, third):
    """The snapshot holds what its masks were made with, not the text, whichever text goes on from it."""
    state = snapshot_at(tmp_path, 6)
    second, _ = told(toy(tmp_path, phases=PHASES.replace("0.3", "0.6").replace("0.5", "0.7")), state)
    second.step(1)
    own = second.snapshot()[1]
    again, said = told(toy(tmp_path, phases=PHASES.replace("0.3", third[0]).replace("0.5", third[1])), own)
    assert ("in the snapshot 0.3: the phase is in progress" in said) == (third[0] != "0.3")
    again.run()  # the audit finds the masks of the first text


@pytest.mark.parametrize("change, text", [
    ("mask_policy: GRADUAL mask_end: 3", "`mask_policy` is GRADUAL, in the snapshot FIXED"),
    ("scope: GLOBAL", "`scope` is GLOBAL, in the snapshot LAYER"),
    ("constraint: ZERO_AFTER_STEP", "`constraint` is ZERO_AFTER_STEP, in the snapshot MASK_BLOB")])
def test_masks_made_another_way_hold_from_the_next_phase_on(tmp_path, change, text):
    state = snapshot_at(tmp_path, 7)
    trainer, said = told(toy(tmp_path, phases=PHASES.replace("sparsity: 0.3", f"sparsity: 0.3 {change}")), state)
    assert f"phase 2, `sparse`: {text}: the phase is in progress, and goes on with the snapshot's to its end" in said
    trainer.run()


def test_a_mask_that_no_phase_has_any_more_is_refused(tmp_path):
    state = snapshot_at(tmp_path, 7)
    with pytest.raises(FileError, match="has a mask `ip1_mask`, and no phase prunes that weight now; give the phase"):
        Trainer.from_file(toy(tmp_path, phases=PHASES.replace("sparsity: 0.3", 'sparsity: 0.3 exclude: "ip1"'))).restore(state)


def test_rates_are_those_of_the_text(tmp_path):
    state = snapshot_at(tmp_path, 7)
    trainer, said = told(toy(tmp_path, phases=PHASES.replace("0.02", "0.08"), more="iter_size: 2"), state)
    assert "phase 2, `sparse`: `base_lr` is 0.08, in the snapshot 0.02: goes on as the text says" in said
    assert "`iter_size` is 2, in the snapshot 1: goes on as the text says" in said
    assert trainer.rate == pytest.approx(0.04)


def test_phases_to_come_are_those_of_the_text(tmp_path):
    state = snapshot_at(tmp_path, 7)
    more = PHASES.replace("max_iter: 3", "max_iter: 2") + 'dsd_phase { name: "again" max_iter: 4 sparsity: 0.2 }'
    trainer, said = told(toy(tmp_path, phases=more), state)
    assert "phase 3, `re-dense`: `max_iter` is 2, in the snapshot 3: goes on as the text says" in said
    assert "phase 4, `again`, is new" in said
    trainer.run()
    assert trainer.iteration == 15
    end = tmp_path / "run" / "toy_iter_9.solverstate"
    assert "phase 4, `again`, is gone" in told(toy(tmp_path), end)[1]


def test_the_phase_in_progress_may_last_longer_and_not_shorter_than_it_has_been(tmp_path):
    state = snapshot_at(tmp_path, 7)
    trainer, said = told(toy(tmp_path, phases=PHASES.replace("max_iter: 4", "max_iter: 6")), state)
    assert "phase 2, `sparse`: `max_iter` is 6, in the snapshot 4" in said
    trainer.run()
    assert trainer.iteration == 14
    said = refusal(toy(tmp_path, phases=PHASES.replace("max_iter: 4", "max_iter: 1")), state)
    assert "phase 2, `sparse`, has 1 iterations; the snapshot has done 2 of it" in said


def test_a_phase_that_is_over_has_its_length(tmp_path):
    state = snapshot_at(tmp_path, 7)
    said = refusal(toy(tmp_path, phases=PHASES.replace("max_iter: 5", "max_iter: 6")), state)
    assert "phase 1, `dense`, has 6 iterations; in the snapshot it is over after 5, so the next phases" in said


def test_a_phase_in_progress_stays_sparse_or_dense(tmp_path):
    dense = PHASES.replace('sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 }', "")
    state = snapshot_at(tmp_path / "a", 7)
    assert "phase 2, `sparse`, is dense, and in progress" in refusal(toy(tmp_path / "a", phases=dense), state)
    state = snapshot_at(tmp_path / "b", 7, phases=dense)
    assert "phase 2, `sparse`, is sparse, and in progress" in refusal(toy(tmp_path / "b"), state)


def test_a_phase_that_prunes_by_c_rate_stays_sparse(tmp_path):
    dense = PHASES.replace('sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 }', "")
    pruned = PHASES.replace('sparsity: 0.3 layer { name: "ip2" sparsity: 0.5 }', "mask_policy: DYNAMIC c_rate: 0.1")
    state = snapshot_at(tmp_path, 7, phases=pruned)
    assert "phase 2, `sparse`, is dense, and in progress" in refusal(toy(tmp_path, phases=dense), state)


def test_the_seed_is_that_of_the_snapshot(tmp_path):
    state = snapshot_at(tmp_path, 3)
    for seed in (6, 5):
        trainer, said = told(toy(tmp_path), state, seed=seed)
        assert trainer.seed == 5 and ("the seed is 6, of the snapshot 5" in said) == (seed == 6)


def test_another_batch_size_is_that_of_the_text(tmp_path):
    state = snapshot_at(tmp_path, 3)
    trainer, said = told(toy(tmp_path, net=NET.replace("batch_size: 6", "batch_size: 4")), state)
    assert "net.prototxt:3:5: the batch_size of `data` is 4, in the snapshot 6: goes on as the text says, at batch 3" in said
    trainer.run()


def test_momentum_is_taken_over_and_other_histories_are_not(tmp_path):
    state = snapshot_at(tmp_path, 3)
    said = told(toy(tmp_path, type="Nesterov"), state)[1]
    assert '`type` is "Nesterov", of the snapshot "SGD": its momentum is taken over' in said
    assert '`type` is "AdaGrad", of the snapshot "SGD", whose histories' in refusal(toy(tmp_path, type="AdaGrad"), state)


def test_another_sparsity_of_a_mask_of_the_net_is_refused_in_its_phase(tmp_path):
    masked = NET.replace(
        'type: "InnerProduct" bottom: "conv2"', 'type: "InnerProduct" bottom: "conv2" bottom: "m"').replace(
        'layer { name: "ip1"', 'layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.25 } } layer { name: "ip1"')
    state = snapshot_at(tmp_path, 7, net=masked)
    with pytest.raises(FileError, match="mask `m` keeps 540 of 720 weights, but phase 2 keeps 180 of them by the text"):
        Trainer.from_file(toy(tmp_path, net=masked.replace("0.25", "0.75"))).restore(state)


def test_sparsity_options_are_compared_as_phases(tmp_path):
    plain = toy(tmp_path, phases="max_iter: 4")
    before = Trainer.from_file(plain, sparsity=0.25)
    before.step(5)
    state = before.snapshot()[1]
    trainer, said = told(plain, state, sparsity=0.5)
    assert "phase 2, `sparse`: `sparsity` is 0.5, in the snapshot 0.25: the phase is in progress" in said
    trainer.run()
