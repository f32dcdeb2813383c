"""A row of the table, of a model whose outputs are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import netdef
from netdef.convert.inputs import own_batch
from netdef.convert.verify import Difference

INPUT = 'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }\n'
IP = 'layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }'


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with weights of ones, and two texts of which the second fits them."""
    folder = tmp_path / "models" / "ones"
    folder.mkdir(parents=True)
    net = netdef.loads(INPUT + IP)
    for blob in net.params["ip"]:
        blob.data.fill_(1)
    netdef.save_weights(net, folder / "ones.caffemodel")
    (folder / "deploy.prototxt").write_text(INPUT + IP.replace("num_output: 5", "num_output: 4"))
    (folder / "train_test.prototxt").write_text(INPUT + IP)
    return folder


def test_a_row_has_the_parameters_and_the_largest_differences(tool, model, tmp_path, monkeypatch):
    published = tool("published_models")
    monkeypatch.setattr(published, "FORMS", ("py", "safetensors"))
    data = np.arange(6, dtype=np.float32).reshape(2, 3)  # sums 3 and 12, and the bias of 1
    wanted = np.repeat([[4.0], [13.0]], 5, 1)
    wanted[0, 0] += 0.009  # of a range of 9
    np.savez(tmp_path / "ones.npz", input=data, ip=wanted.astype(np.float32))
    found = list(published.cells(model, model / "ones.caffemodel", tmp_path))
    assert found == ["20", "1e-03", "0e+00", "0e+00"]


def test_without_a_text_that_fits_the_net_in_the_weights_is_taken(tool, model, monkeypatch):
    published = tool("published_models")
    monkeypatch.setattr(published, "FORMS", ())
    (model / "train_test.prototxt").unlink()
    assert list(published.cells(model, model / "ones.caffemodel", None)) == ["20", ""]


def test_weights_are_drawn_for_a_text_alone(tool, model, monkeypatch):
    published = tool("published_models")
    monkeypatch.setattr(published, "FORMS", ())
    norm = 'layer { name: "bn" type: "BatchNorm" bottom: "ip" top: "bn" }'
    (model / "deploy.prototxt").write_text(INPUT + IP + norm)
    assert list(published.cells(model, None, None)) == ["31", ""]
    net = published.opened([model / "deploy.prototxt"], None, None).net
    assert net.activations(**own_batch(net))["ip"].std().item() == pytest.approx(1) and not net.params["ip"][1].any()
    assert [blob.tolist() for blob in net.params["bn"]] == [[0.0] * 5, [1.0] * 5, [1.0]]


def test_damaged_weights_are_refused(tool, model):
    (model / "ones.caffemodel").write_bytes((model / "ones.caffemodel").read_bytes()[:-9])
    (said,) = tool("published_models").cells(model, model / "ones.caffemodel", None)
    assert said.startswith("refused: ones.caffemodel")


def test_the_largest_of_differences(tool):
    wanted = torch.tensor([0.0, 4.0])
    found = [Difference.of("b", wanted, torch.tensor([0.0, x])) for x in (4.0, 4.2, 3.9)]
    assert tool("published_models").largest(found) == "5e-02"
