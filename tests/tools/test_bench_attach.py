"""The nets of the benchmark of attached phases, and what its cases prune."""

from __future__ import annotations

import runpy
from pathlib import Path

import torch
from torch import nn

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "bench_attach.py"))


def test_the_nets_have_the_published_numbers_of_parameters():
    with torch.device("meta"):
        assert sum(p.numel() for p in TOOL["resnet50"]().parameters()) == 25_557_032
        # A layer: 4 projections of 512 x 512, 2 of 512 x 2048, their biases, 2 norms.
        layer = 4 * 512 * 512 + 2 * 512 * 2048 + 4 * 512 + 2048 + 512 + 4 * 512
        assert sum(p.numel() for p in TOOL["transformer"]().parameters()) == 8 * layer


def test_the_cases_prune_the_same_share():
    zeros = {}
    for case, prepare in TOOL["CASES"].items():
        net = nn.Sequential(nn.Linear(20, 10), nn.ReLU(), nn.Linear(10, 7))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
        prepare(net, optimizer)
        step = TOOL["step_of"](net, torch.randn(3, 20), optimizer, torch.device("cpu"))
        for _ in range(2):
            step()
        zeros[case] = int((net[0].weight == 0).sum())
    assert zeros == {"dense": 0, "attached, dense phase": 0, "attached, sparse phase": 60, "torch.nn.utils.prune": 60}
