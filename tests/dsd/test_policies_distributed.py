"""Masks that change as a run goes on, and weights that regrow, are the same on every rank."""

from __future__ import annotations

import pytest
import torch
from toys import toy
from two_ranks import run_two_ranks

PHASES = """
    dsd_phase { max_iter: 6 mask_policy: DYNAMIC sparsity: 0.5 mask_end: 5 splice_gamma: 0 }
    dsd_phase { max_iter: 4 mask_policy: GRADUAL sparsity: 0.7 update_interval: 1 regrow: SAVED }
    dsd_phase { max_iter: 2 mask_policy: RANDOM sparsity: 0.5 regrow: FILLER }
    dsd_phase { max_iter: 2 regrow: FILLER }
"""
PROGRAM = """
import pathlib, sys
from dsd import Observer, Trainer
from dsd.distributed import World

class Audits(Observer):
    def audited(self, trainer, audit):
        print(audit.ranks, audit.holds)

trainer = Trainer.from_file(sys.argv[1], world=World.join(), observers=[Audits()])
trainer.run()
weights = float(sum(p.double().abs().sum() for p in trainer.net.parameters()))
pathlib.Path(sys.argv[2], f"rank{trainer.world.rank}").write_text(str(weights))
trainer.world.leave()
"""


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_two_ranks_agree(tmp_path):
    run = run_two_ranks(PROGRAM, toy(tmp_path, phases=PHASES), tmp_path)
    audits = [line for line in run.stdout.splitlines() if line.endswith(("True", "False"))]  # gloo may speak, too
    assert audits == ["2 True"] * 3  # rank 0 alone tells observers
    assert (tmp_path / "rank0").read_text() == (tmp_path / "rank1").read_text()
