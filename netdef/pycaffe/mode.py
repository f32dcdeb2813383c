"""The settings of a process for all its nets: device, permissions, random seed, log."""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass
from datetime import datetime

import torch


@dataclass
class Choices:
    """The settings of a process.

    ``allow_python``: nets may run the Python layers that they name. ``lenient``: unknown fields are left out of nets, with
    a warning each. ``log_level``: the least severity of lines that are logged, 0 for all. ``seed``: that of
    `set_random_seed`.
    """

    allow_python: bool = False
    lenient: bool = False
    gpu: bool = False
    device_id: int = 0
    seed: int | None = None
    log_level: int = 0
    warned: bool = False


_CPU = torch.device("cpu")
choices = Choices(log_level=int(os.environ.get("GLOG_minloglevel") or 0))


def set_mode_cpu() -> None:
    """Run all nets on the CPU from now on."""
    choices.gpu = False


def set_mode_gpu() -> None:
    """Run all nets on the GPU from now on. Without one they stay on the CPU, with a warning, once."""
    choices.gpu = True
    if not torch.cuda.is_available() and not choices.warned:
        choices.warned = True
        warnings.warn("there is no GPU that torch can use: set_mode_gpu() goes on with the CPU", stacklevel=2)


def set_device(device_id: int) -> None:
    """Choose the GPU for `set_mode_gpu`."""
    choices.device_id = int(device_id)


def device() -> torch.device:
    """The device on which nets run."""
    return torch.device("cuda", choices.device_id) if choices.gpu and torch.cuda.is_available() else _CPU


def set_random_seed(seed: int) -> None:
    """Seed the generators of fillers, dropout and random data."""
    choices.seed = int(seed)
    torch.manual_seed(choices.seed)


def init_log(level: int = 0, stderr: bool = True) -> None:
    """Log from this severity on: 0 for all, 1 for warnings, 2 for errors. Lines go to stderr in any case."""
    choices.log_level = int(level)


def log(message: str) -> None:
    """Log a line as glog writes it: severity, date, process, place."""
    if choices.log_level <= 0:
        print(f"I{datetime.now():%m%d %H:%M:%S.%f} {os.getpid():5d} pycaffe.cpp:1] {message}", file=sys.stderr)
