"""Seeding an iteration: every default generator that the device draws from."""

from __future__ import annotations

import torch

from dsd.seeds import seed_generators, seed_of


def test_seeding_is_that_of_torch() -> None:
    seed_generators(seed_of(3, 14), torch.device("cpu"))
    drawn = torch.rand(5)
    torch.manual_seed(seed_of(3, 14))
    assert torch.equal(drawn, torch.rand(5))


def test_a_seed_depends_on_every_part_of_its_key() -> None:
    keys = [(3, 14), (14, 3), (314,), (3, 14, 0), (3, "14")]
    assert len({seed_of(*key) for key in keys}) == len(keys)
    assert all(0 <= seed_of(*key) < 2**63 for key in keys)
