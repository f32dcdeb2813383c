"""A program run by torchrun in two processes on the CPU."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run_two_ranks(program: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python's ``program`` as two ranks of one thread each; asserts that both end well."""
    run = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--no-python",
         sys.executable, "-c", program, *arguments],
        capture_output=True, text=True, timeout=600, env={**os.environ, "OMP_NUM_THREADS": "1", **environment})
    assert run.returncode == 0, run.stderr
    return run
