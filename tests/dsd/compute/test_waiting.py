"""The waiting of OpenMP's threads in commands."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dsd.compute.waiting import limit_busy_waiting


@pytest.fixture
def fresh(monkeypatch):
    """An environment without settings of OpenMP's waiting."""
    monkeypatch.setenv("OMP_WAIT_POLICY", "")
    monkeypatch.setenv("GOMP_SPINCOUNT", "")
    monkeypatch.delenv("OMP_WAIT_POLICY")
    monkeypatch.delenv("GOMP_SPINCOUNT")
    return monkeypatch


def test_threads_wait_busily_for_a_short_time(fresh):
    limit_busy_waiting()
    assert os.environ["GOMP_SPINCOUNT"] == "5000"


@pytest.mark.parametrize("name, value", [("OMP_WAIT_POLICY", "active"), ("GOMP_SPINCOUNT", "70")])
def test_the_users_setting_stays(fresh, name, value):
    fresh.setenv(name, value)
    limit_busy_waiting()
    found = {key: os.environ.get(key) for key in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    assert found == {"OMP_WAIT_POLICY": None, "GOMP_SPINCOUNT": None, name: value}


def test_every_command_limits_it_before_it_imports_torch():
    code = """
import os, sys, click
from dsd.cli.shared.command import Command
@click.command(cls=Command)
def main():
    print(os.environ.get("GOMP_SPINCOUNT"), "torch" in sys.modules)
main(standalone_mode=False)
os.environ.pop("GOMP_SPINCOUNT")
sys.modules["torch"] = None  # a program with torch that calls the command
main()
"""
    environment = {key: value for key, value in os.environ.items() if key not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout == "5000 False\nNone True\n", done.stderr
