"""The first garbage collection, put off."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest
from click.testing import CliRunner

from dsd.cli.shared.command import Command
from dsd.cli.shared.garbage import late_collection


@pytest.fixture
def usual():
    """Thresholds that are not Python's own."""
    before = gc.get_threshold()
    gc.set_threshold(900, 11, 12)
    yield gc.get_threshold()
    gc.set_threshold(*before)


def test_the_first_collection_waits_and_later_ones_do_not(usual):
    collections = []

    def note(phase, info):
        collections.append(phase)

    gc.collect()
    callbacks = list(gc.callbacks)
    gc.callbacks.append(note)
    try:
        with late_collection(30_000):
            kept = [[] for _ in range(20_000)]
            assert collections == [] and gc.get_threshold() == (30_000, 11, 12)
            kept += [[] for _ in range(20_000)]
            assert collections and gc.get_threshold() == usual
            assert len(kept) == 40_000
    finally:
        gc.callbacks.remove(note)
    assert gc.get_threshold() == usual and gc.callbacks == callbacks


def test_thresholds_are_restored_without_a_collection_and_after_an_error(usual):
    callbacks = list(gc.callbacks)
    with pytest.raises(ZeroDivisionError), late_collection(10**8):
        assert gc.get_threshold() == (10**8, 11, 12)
        raise ZeroDivisionError
    assert gc.get_threshold() == usual and gc.callbacks == callbacks


def test_commands_put_it_off(usual):
    found = []
    command = Command("c", callback=lambda: found.append(gc.get_threshold()[0]))
    assert CliRunner().invoke(command, []).exit_code == 0
    assert found[0] > 100_000 and gc.get_threshold() == usual


def test_nothing_is_searched_when_the_process_ends():
    code = """if True:
        import atexit, gc
        atexit.register(lambda: print(gc.get_freeze_count() > 1000, len(gc.get_objects()) < 1000))
        import dsd.cli.shared.command"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True True\n", done.stderr
