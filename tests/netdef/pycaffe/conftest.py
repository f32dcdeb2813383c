"""The recorded results of the original's Python side."""

import json
from pathlib import Path

import numpy as np
import pytest

from netdef.pycaffe import layer_memory, memory

PYAPI = Path(__file__).parents[2] / "golden" / "pyapi"
TEXT = """
name: "branches"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 4 dim: 3 dim: 6 dim: 5 } } include { phase: TEST } }
layer { name: "data" type: "DummyData" top: "data" dummy_data_param { shape { dim: 4 dim: 3 dim: 6 dim: 5 }
        data_filler { type: "gaussian" } } include { phase: TRAIN } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: "gaussian" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "left" type: "InnerProduct" bottom: "conv" top: "left"
        inner_product_param { num_output: 7 weight_filler { type: "gaussian" } } }
layer { name: "right" type: "Pooling" bottom: "conv" top: "right" pooling_param { kernel_size: 2 } }
layer { name: "extra" type: "InnerProduct" bottom: "left" top: "extra" include { stage: "more" }
        inner_product_param { num_output: 1 } }
layer { name: "high" type: "Power" bottom: "left" top: "high" include { min_level: 1 } }
"""


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let numpy share no memory with tensors, as on a GPU."""
    for module in (memory, layer_memory):
        monkeypatch.setattr(module, "shares_memory", lambda device: False)


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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a net with two branches."""
    path = tmp_path / "net.prototxt"
    path.write_text(TEXT)
    return path
