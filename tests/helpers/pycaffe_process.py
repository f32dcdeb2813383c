"""Run a script against pycaffe in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dsd

ROOT = Path(dsd.__file__).parent.parent  # of what is tested: an installed package, or the checkout


def run_script(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """``python -m dsd.pycaffe`` with these arguments, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "dsd.pycaffe", *args], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"})
