"""Peak memory from the kernel's own number, in bytes."""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

CPU = torch.device("cpu")


def test_the_peak_of_this_program_is_read_in_kib(tool, tmp_path, monkeypatch):
    memory, status = tool("memory"), tmp_path / "status"
    status.write_text("Name:\tpython\nVmPeak:\t    9000 kB\nVmHWM:\t    1234 kB\nVmRSS:\t     600 kB\n")
    monkeypatch.setattr(memory, "Path", lambda path: status)
    assert memory.peak_bytes(CPU) == 1234 * 1024


@pytest.mark.parametrize(("platform", "wanted"), [("linux", 77 * 1024), ("darwin", 77)])
def test_without_that_number_resource_gives_kib_or_on_a_mac_bytes(tool, tmp_path, monkeypatch, platform, wanted):
    memory = tool("memory")
    monkeypatch.setattr(memory, "Path", lambda path: Path(tmp_path / "absent"))
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=77))
    monkeypatch.setattr(sys, "platform", platform)
    assert memory.peak_bytes(CPU) == wanted


def test_on_a_gpu_torch_counts(tool, monkeypatch):
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda device: 5 + device.index)
    assert tool("memory").peak_bytes(torch.device("cuda", 2)) == 7
