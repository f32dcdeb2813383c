"""The most memory at once."""

from __future__ import annotations

import torch

from dsd.timing.peak_memory import peak_memory


def test_the_peak_is_the_most_at_once():
    x = torch.ones(1000)

    def run() -> torch.Tensor:
        y = x * 2  # 4,000 bytes
        z = y + 1  # 8,000
        del y
        return z.sum()

    assert 8000 <= peak_memory(run, torch.device("cpu")) < 12_000
