"""The peak memory of this process, for benchmarks."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

import torch


def peak_bytes(device: torch.device) -> int:
    """The peak so far: on a GPU as torch counts it, else as the system does."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    status = Path("/proc/self/status")
    if status.is_file() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) * 1024  # of this program; `resident_peak` begins with that of the process that started it
    return resident_peak()


def resident_peak(who: int = resource.RUSAGE_SELF) -> int:
    """The peak of resident memory as the system has it for ``who``: this process, or `resource.RUSAGE_CHILDREN`."""
    peak = resource.getrusage(who).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
