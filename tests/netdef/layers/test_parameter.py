"""Parameter: a blob as a top."""

from __future__ import annotations

import torch

import netdef


def test_top_is_the_blob_and_its_gradient_adds_up():
    net = netdef.loads('layer { name: "l" type: "Parameter" top: "w" parameter_param { shape { dim: 2 dim: 3 } } }')
    (blob,) = net.params["l"]
    assert blob.shape == (2, 3) and not blob.any()
    factors = torch.arange(6.0).reshape(2, 3)
    for _ in range(2):  # Caffe would keep the second gradient only
        (net()["w"] * factors).sum().backward()
    assert torch.equal(blob.grad, 2 * factors)


def test_a_filler_of_happynears_fork_fills_it():
    text = 'layer { name: "l" type: "Parameter" top: "y" parameter_param { shape { dim: [2, 3] } blob_filler { value: 4 } } }'
    assert netdef.loads(text)()["y"].tolist() == [[4, 4, 4], [4, 4, 4]]
