"""The sparsity of each layer in a phase."""

from __future__ import annotations

import pytest

from dsd.engine.phase import Phase, Scope, with_lengths
from dsd.masks.policies.dynamic import Dynamic
from dsd.masks.policies.n_of_m import NOfM


def test_the_most_specific_sparsity_counts():
    phase = Phase("s", 0, 1, 0.25, layers=(("fc*", 0.5), ("fc8", 0.75)), exclude=("conv1",))
    assert phase.sparsity_of("conv2") == 0.25
    assert phase.sparsity_of("conv2", own=0.125) == 0.125
    assert phase.sparsity_of("fc6", own=0.125) == 0.5
    assert phase.sparsity_of("fc8") == 0.75
    assert phase.sparsity_of("conv1") is None
    assert phase.names("fc7") and not phase.names("conv2")


def test_exclude_overrides_all_others():
    phase = Phase("s", 0, 1, 0.25, layers=(("fc8", 0.5),), exclude=("fc?",))
    assert phase.sparsity_of("fc8", own=0.75) is None and not phase.names("fc8") and phase.excludes("fc8")


def test_layers_that_are_not_usual_must_be_named():
    phase = Phase("s", 0, 1, 0.25, layers=(("embed", 0.5),))
    assert phase.sparsity_of("embed", usual=False) == 0.5
    assert phase.sparsity_of("conv1", own=0.125, usual=False) is None


def test_without_a_sparsity_only_named_layers_are_pruned():
    phase = Phase("s", 0, 1, layers=(("ip*", 0.5),))
    assert phase.sparse and phase.sparsity_of("ip1") == 0.5 and phase.sparsity_of("conv2") is None
    assert phase.sparsity_of("conv2", own=0.125) == 0.125


def test_a_dense_phase_prunes_nothing():
    phase = Phase("d", 3, 4)
    assert not phase.sparse and phase.end == 7 and phase.sparsity_of("ip", own=0.5) is None


def test_plain_training_takes_the_masks_own_sparsity():
    phase = Phase("d", 0, 1, keeps_masks=True)
    assert phase.sparsity_of("ip", own=0.5, usual=False) == 0.5 and phase.sparsity_of("ip") is None


def test_a_policy_may_override_the_sparsity():
    two_of_eight = Phase("s", 0, 1, policy=NOfM(2, 8))
    assert two_of_eight.sparse and two_of_eight.sparsity_of("ip", own=0.5) == two_of_eight.sparsity_of("ip") == 0.75
    named = Phase("s", 0, 1, layers=(("ip", 0.75),), policy=NOfM(2, 8))
    assert named.sparsity_of("ip") == 0.75 and named.sparsity_of("conv") is None
    by_rate = Phase("s", 0, 1, policy=Dynamic(c_rate=0.5))
    assert by_rate.sparse and by_rate.sparsity is None and by_rate.sparsity_of("ip") == 0


@pytest.mark.parametrize(("scope", "own", "together"), [
    (Scope.GLOBAL, None, True), (Scope.GLOBAL, 0.5, False), (Scope.LAYER, None, False)])
def test_layers_without_own_sparsity_share_the_global_threshold(scope, own, together):
    phase = Phase("s", 0, 1, 0.25, layers=(("fc8", 0.5),), scope=scope)
    assert phase.ranks_together("conv2", own) is together
    assert not phase.ranks_together("fc8", own)


def test_phases_after_a_shorter_one_begin_earlier():
    phases = [Phase("a", 0, 7), Phase("b", 7, 5), Phase("c", 12, 3)]
    assert [(p.name, p.start, p.length) for p in with_lengths(phases, {1: 2})] == [("a", 0, 7), ("b", 7, 2), ("c", 9, 3)]
