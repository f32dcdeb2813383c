"""Have torch compute the same bits in every run."""

from __future__ import annotations

import os

import torch


def be_deterministic() -> None:
    """Let torch use only algorithms whose results do not depend on the order in which threads end.

    For the whole process, and before it uses a GPU. A layer that has no such algorithm raises torch's error, which names
    it, when it runs.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # else cuBLAS refuses
    torch.use_deterministic_algorithms(True)
