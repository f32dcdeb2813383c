"""Attached runs in two processes: the same masks and weights with DistributedDataParallel, a refusal of sharded weights."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from plain_loop import Net, loss_of
from torch import optim
from two_ranks import run_two_ranks

from dsd.attached.attach import attach
from dsd.attached.phases import Dense, Sparse

PROGRAM = """
import os
import sys
import torch
import torch.distributed as dist
from plain_loop import Net, loss_of
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

import dsd

dist.init_process_group("gloo")
rank = dist.get_rank()
model = Net()
parallel = DistributedDataParallel(model)
optimizer = torch.optim.SGD(parallel.parameters(), lr=0.1, momentum=0.9)
run = dsd.attach(parallel, optimizer, [dsd.Dense(3), dsd.Sparse(4, sparsity=0.4, mask_policy="RANDOM"), dsd.Dense(2)], seed=5)
hashes = []
for step in range(9):
    loss_of(parallel, 2 * step + rank).backward()  # each rank its own batch
    if run.masks:
        assert not any(model.get_parameter(name).grad[~kept].any() for name, kept in run.masks.items())
    optimizer.step()
    optimizer.zero_grad()
    audit = run.audit()
    assert audit.holds and audit.ranks == 2
    hashes.append(audit.mask_hash)

sharded = fully_shard(Net(), mesh=torch.distributed.device_mesh.init_device_mesh("cpu", (2,)))
try:
    dsd.attach(sharded, torch.optim.SGD(sharded.parameters(), lr=0.1), [dsd.Sparse(2, sparsity=0.3)])
    refusal = "none"
except dsd.AttachError as error:
    refusal = str(error)
torch.save({"weights": model.state_dict(), "hashes": hashes, "refusal": refusal}, f"{sys.argv[1]}/rank{rank}.pt")
dist.barrier()
os._exit(0)  # torch keeps the group of a DistributedDataParallel, whose threads may abort a process that shuts down Python
"""


@pytest.mark.slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_two_processes(tmp_path):
    helpers = Path(__file__).parents[2] / "helpers"
    path = f"{helpers}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    run_two_ranks(PROGRAM, tmp_path, CUDA_VISIBLE_DEVICES="", PYTHONPATH=path)
    first, second = (torch.load(tmp_path / f"rank{rank}.pt") for rank in (0, 1))
    assert first["hashes"] == second["hashes"] and len(set(first["hashes"])) == 2  # no masks, and those of the sparse phase
    assert all(torch.equal(first["weights"][name], second["weights"][name]) for name in first["weights"])
    assert first["refusal"].startswith("`conv1.weight` is sharded over processes (FSDP or tensor parallel)")

    single = Net()
    optimizer = optim.SGD(single.parameters(), lr=0.1, momentum=0.9)
    attach(single, optimizer, [Dense(3), Sparse(4, sparsity=0.4, mask_policy="RANDOM"), Dense(2)], seed=5)
    for step in range(9):
        for rank in (0, 1):
            (loss_of(single, 2 * step + rank) / 2).backward()
        optimizer.step()
        optimizer.zero_grad()
    for name, weight in single.state_dict().items():
        torch.testing.assert_close(first["weights"][name], weight, rtol=1e-4, atol=1e-6)
