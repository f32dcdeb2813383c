"""Runs under every mask policy: exact counts, +0.0, and resuming to the bit; and what weights regrow from."""

from __future__ import annotations

import pytest
import torch
from toys import toy

from dsd import Trainer
from dsd.masks.mask import kept_count
from dsd.masks.policies.gradual import ramp
from netdef.schema.blobs import to_array
from netdef.schema.messages import NetParameter

# Weights: conv2 (5, 4, 2, 2), ip1 (9, 80), ip2 (3, 9). Kept in a phase of 5 iterations at a sparsity of a half.
WHOLE = {"conv2": 40, "ip1": 360, "ip2": 14}
POLICIES = {
    "FIXED": ("sparsity: 0.5", WHOLE),
    "RANDOM": ("sparsity: 0.5", WHOLE),
    "GRADUAL": ("sparsity: 0.5 update_interval: 2 mask_end: 3", WHOLE),
    "N_OF_M": ("n: 1 m: 2", {"conv2": 40, "ip1": 360, "ip2": 15}),
    "CHANNEL": ("sparsity: 0.5", {"conv2": 48, "ip1": 400, "ip2": 18}),
    "DYNAMIC": ("sparsity: 0.5 mask_end: 4", None),
}
CONSTRAINTS = ("MASK_BLOB", "ZERO_AFTER_STEP", "MASK_UPDATE")
every_policy = pytest.mark.parametrize("policy", POLICIES)


def phases(policy: str, more: str = "", after: str = "dsd_phase { max_iter: 2 }") -> str:
    return f"""dsd_phase {{ max_iter: 2 }}
               dsd_phase {{ max_iter: 5 mask_policy: {policy} {POLICIES[policy][0]} {more} }} {after}"""


def kept(trainer: Trainer) -> dict[str, int]:
    return {key.removesuffix("_mask"): int(mask.sum()) for key, mask in trainer.masks.items()}


def under(trainer: Trainer, mask: str) -> torch.Tensor:
    """What lies under a mask."""
    return trainer.keeper.in_force[mask].under


def pruned_is_plus_zero(trainer: Trainer, weights) -> bool:
    saved = NetParameter.FromString(weights.read_bytes())
    blobs = {layer.name: layer.blobs for layer in saved.layer}
    for key, mask in trainer.masks.items():
        on_disk = torch.from_numpy(to_array(blobs[key.removesuffix("_mask")][0]))
        for pruned in (trainer.mask_weight(key).detach()[~mask], on_disk[~mask]):
            if (pruned != 0).any() or torch.signbit(pruned).any():
                return False
    return True


@pytest.mark.parametrize(("policy", "constraint"), [
    (policy, constraint) for policy in POLICIES for constraint in CONSTRAINTS
    if policy != "DYNAMIC" or constraint == "ZERO_AFTER_STEP"
])
def test_counts_and_zeros_at_every_iteration_in_memory_and_on_disk(tmp_path, policy, constraint):
    trainer = Trainer.from_file(toy(tmp_path, phases=phases(policy, f"constraint: {constraint} solver_state: CARRY")))
    trainer.step(2)
    for since in range(5):
        trainer.step(1)
        wanted = POLICIES[policy][1]
        if policy == "GRADUAL":
            share = ramp(0.5, (0, 0, 2, 3, 3)[since], 3)
            wanted = {key: kept_count(trainer.net.params[key][0].numel(), share) for key in wanted}
        if wanted:
            assert kept(trainer) == wanted
            promised = trainer.keeper.pruner.counts(trainer.phase_in_force, trainer.iteration - 1)
            assert {key.removesuffix("_mask"): count for key, count in promised.items()} == wanted
        assert pruned_is_plus_zero(trainer, trainer.snapshot()[0])


@pytest.mark.parametrize("regrow", ["ZERO", "SAVED", "FILLER"])
@every_policy
def test_resuming_anywhere_gives_the_same_bits(tmp_path, policy, regrow):
    after = f"dsd_phase {{ max_iter: 2 regrow: {regrow} solver_state: CARRY }}"
    format = "HDF5" if regrow == "FILLER" else "BINARYPROTO"
    more = f"snapshot: 1 snapshot_format: {format}"
    solver = toy(tmp_path, phases=phases(policy, "solver_state: CARRY", after), more=more)
    whole = Trainer.from_file(solver)
    whole.step(9)
    ending = ".h5" if format == "HDF5" else ""
    for iteration in (2, 4, 5, 7):
        resumed = Trainer.from_file(solver, seed=99)
        resumed.settings.snapshot = 0
        resumed.restore(tmp_path / "run" / f"toy_iter_{iteration}.solverstate{ending}")
        resumed.step(9 - iteration)
        for layer, blobs in whole.net.params.items():
            pairs = zip(resumed.net.params[layer], blobs, strict=True)
            assert all(torch.equal(*pair) for pair in pairs), (layer, iteration)


@pytest.mark.parametrize("type", ["Nesterov", "Adam"])
def test_surgery_resumes_with_other_solvers(tmp_path, type):
    solver = toy(tmp_path, type=type, phases=phases("DYNAMIC"), more="snapshot: 1 clip_gradients: 0.5 iter_size: 2")
    whole = Trainer.from_file(solver)
    whole.step(7)
    resumed = Trainer.from_file(solver)
    resumed.restore(tmp_path / "run" / "toy_iter_4.solverstate")
    resumed.step(3)
    for key, mask in whole.masks.items():
        assert mask.equal(resumed.masks[key])
        assert whole.mask_weight(key).equal(resumed.mask_weight(key)) and under(whole, key).equal(under(resumed, key))


def test_surgery_prunes_and_splices(tmp_path):
    text = "sparsity: 0.5 mask_end: 29 splice_gamma: 0 base_lr: 0.1"
    trainer = Trainer.from_file(toy(tmp_path, phases=f"dsd_phase {{ max_iter: 30 mask_policy: DYNAMIC {text} }}"))
    trainer.step(1)
    assert kept(trainer) == WHOLE
    first = trainer.masks["ip1_mask"].clone()
    trainer.step(29)
    last = trainer.masks["ip1_mask"]
    assert (first & ~last).any() and (last & ~first).any()
    beneath = under(trainer, "ip1_mask")
    assert (beneath[last] == 0).all() and (beneath[~last] != 0).any()
    # After mask_end nothing changes any more, though weights under the mask may have grown since the last look.
    assert trainer.keeper.pruner.changed_masks(trainer.phase, 29, trainer.keeper.in_force, trainer.seed) == {}


def test_dynamic_updates_masks_with_the_stated_probability(tmp_path):
    text = "sparsity: 0.5 mask_end: 399 splice_gamma: 1 splice_power: 0.5"
    trainer = Trainer.from_file(toy(tmp_path, phases=f"dsd_phase {{ max_iter: 400 mask_policy: DYNAMIC {text} }}"))
    trainer.step(1)
    keeper = trainer.keeper
    looks = sum(len(keeper.pruner.changed_masks(trainer.phase, i, keeper.in_force, 3)) for i in range(1, 399))
    wanted = sum(3 * (1 + i) ** -0.5 for i in range(1, 399))  # of three layers: 114, with a deviation of about 10
    assert abs(looks - wanted) < 40


def test_c_rate_sets_the_threshold_without_a_sparsity(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path, phases="dsd_phase { max_iter: 3 mask_policy: DYNAMIC c_rate: 0.5 }"))
    weights = {key: trainer.mask_weight(key).detach().clone() for key in trainer.net.masks}
    trainer.step(1)
    for key, weight in weights.items():
        sizes = weight.abs().double()
        assert trainer.masks[key].equal(sizes > 0.9 * (sizes.mean() + 0.5 * sizes.std(correction=0)))


def test_what_weights_regrow_from(tmp_path):
    """Without a rate the re-dense phase shows what it began with."""
    for rule in ("ZERO", "SAVED", "FILLER"):
        after = f"dsd_phase {{ max_iter: 1 regrow: {rule} base_lr: 0 }}"
        trainer = Trainer.from_file(toy(tmp_path, phases=phases("FIXED", after=after)))
        trainer.step(2)
        before = trainer.mask_weight("ip1_mask").detach().clone()
        trainer.step(5)
        mask, last = trainer.masks["ip1_mask"], trainer.mask_weight("ip1_mask").detach().clone()
        trainer.step(1)
        weight = trainer.mask_weight("ip1_mask").detach()
        assert weight[mask].equal(last[mask]) and trainer.masks == {}
        if rule == "ZERO":
            assert (weight[~mask] == 0).all()
        elif rule == "SAVED":
            assert weight[~mask].equal(before[~mask])
        else:  # xavier: uniform up to sqrt(3 / 80)
            drawn = weight[~mask]
            bound = (3 / 80) ** 0.5
            assert not drawn.equal(before[~mask]) and 0.9 * bound < drawn.abs().max() <= bound
            assert drawn.unique().numel() > 300


def test_gradually_pruned_weights_regrow_from_what_each_was_when_pruned(tmp_path):
    after = "dsd_phase { max_iter: 1 regrow: SAVED base_lr: 0 }"
    trainer = Trainer.from_file(toy(tmp_path, phases=phases("GRADUAL", after=after)))
    trainer.step(2)
    wanted = torch.zeros(9, 80)
    for _ in range(5):
        weight = trainer.mask_weight("ip1_mask").detach().clone()
        before = trainer.masks.get("ip1_mask", torch.ones(9, 80, dtype=torch.bool))
        trainer.step(1)
        wanted = torch.where(before & ~trainer.masks["ip1_mask"], weight, wanted)
    last = trainer.masks["ip1_mask"]
    trainer.step(1)
    assert trainer.mask_weight("ip1_mask").detach()[~last].equal(wanted[~last])


def test_random_masks_do_not_depend_on_weights(tmp_path):
    one, other = (Trainer.from_file(toy(tmp_path, phases=phases("RANDOM"))) for _ in range(2))
    one.step(3)
    with torch.no_grad():
        for blobs in other.net.params.values():
            for blob in blobs:
                blob.neg_().add_(1)
    other.step(3)
    assert all(one.masks[key].equal(other.masks[key]) for key in one.masks)
