"""The recorded results of the original's Python side."""

import json
from pathlib import Path

import numpy as np
import pytest

PYAPI = Path(__file__).parents[2] / "golden" / "pyapi"


@pytest.fixture(scope="session")
def pyapi() -> Path:
    return PYAPI


@pytest.fixture(scope="session")
def recorded_io() -> dict[str, np.ndarray]:
    return dict(np.load(PYAPI / "io.npz"))


@pytest.fixture(scope="session")
def io_settings() -> dict[str, dict]:
    return json.loads((PYAPI / "io.json").read_text())


@pytest.fixture(scope="session")
def close():
    """``close(found, wanted)``: the same shape, and within 1e-5 of the greatest value."""

    def check(found, wanted):
        assert found.shape == wanted.shape
        assert np.abs(np.asarray(found, float) - wanted).max() <= 1e-5 * np.abs(wanted).max()

    return check
