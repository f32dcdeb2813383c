"""Every test runs on one thread and draws the same random numbers each time, whatever ran before it."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests run one process a core: nets this small only lose by sharing

import random
import zlib

import numpy as np
import pytest
import torch

from dsd import seeds


def seed_from(name: str) -> None:
    """Seed Python's, numpy's and torch's generators, from which runs without `random_seed` take theirs, too."""
    seed = zlib.crc32(name.encode())
    random.seed(seed)
    np.random.seed(seed)
    torch.default_generator.manual_seed(seed)


def pytest_configure() -> None:
    seeds.new_seed = lambda: random.getrandbits(32)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow tests first, so that none of them is left to one process at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef) -> None:
    seed_from(fixturedef.argname)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    seed_from(item.nodeid)
