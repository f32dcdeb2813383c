""".safetensors files."""

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from netdef.errors import FileError
from netdef.schema.messages import LayerParameter
from netdef.weights import safetensors


def test_names_and_values_are_written(tmp_path):
    weight = torch.arange(24.0).reshape(4, 1, 2, 3).to(memory_format=torch.channels_last)
    layers = [
        (LayerParameter(name="m", mask_param={"shape": {"dim": [3]}, "bits": b"\x05"}), []),
        (LayerParameter(name="all", mask_param={"shape": {"dim": [3]}}), []),
        (LayerParameter(name="a.b/c"), [weight, torch.tensor(2.0)]),
        (LayerParameter(name="again"), [weight]),
    ]
    path = tmp_path / "x.safetensors"
    safetensors.write(path, "n", layers)
    found = load_file(path)
    assert set(found) == {"m.mask", "all.mask", "a.b/c.0", "a.b/c.1"}
    assert torch.equal(found["a.b/c.0"], weight) and found["a.b/c.1"] == 2
    assert found["m.mask"].tolist() == [True, False, True]
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"net": "n"}
    with safetensors.read(path) as stored:
        layers = {layer.name: layer for layer in stored}
        assert layers["a.b/c"].blobs[0].shape == (4, 1, 2, 3)
        assert layers["m"].mask.kept().tolist() == [True, False, True]
        assert layers["all"].mask.kept() is None


@pytest.mark.parametrize("size", [1, 9, 50, -1])
def test_a_truncated_file_is_refused(tmp_path, size):
    path = tmp_path / "x.safetensors"
    safetensors.write(path, "n", [(LayerParameter(name="ip"), [torch.ones(30)])])
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(FileError, match=f"^{path}: cannot be read as weights"):
        with safetensors.read(path):
            raise AssertionError("never reached")
