"""Garbage collection, put off."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest

import netdef
from netdef.definition import read
from netdef.garbage import without_collection
from netdef.graph import build


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """Python collects garbage, before and after a test."""
    gc.enable()
    yield
    gc.enable()


def test_nothing_is_collected_meanwhile():
    with without_collection():
        assert not gc.isenabled()
        with without_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_program_that_collects_by_itself_still_does():
    gc.disable()
    with without_collection():
        pass
    assert not gc.isenabled()


def test_python_collects_again_after_an_error():
    with pytest.raises(ZeroDivisionError), without_collection():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_nets_are_read_and_built_so(monkeypatch: pytest.MonkeyPatch):
    seen: list[bool] = []

    def spying(function: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            seen.append(gc.isenabled())
            return function(*args, **kwargs)

        return call

    monkeypatch.setattr(read, "parse", spying(read.parse))
    monkeypatch.setattr(build, "build", spying(build.build))
    netdef.loads('layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }')
    assert seen == [False, False] and gc.isenabled()
