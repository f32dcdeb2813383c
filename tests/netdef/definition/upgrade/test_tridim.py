"""The layers for volumes of 3Dstn go on under usual types."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

import netdef
from netdef.definition.read import read_net_text

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 7 dim: 9 } } } '


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_convolution_and_pooling_have_one_size_for_all_axes(phase):
    net = netdef.loads(INPUT + """
        layer { name: "c" type: "TridimConvolution" bottom: "x" top: "c" tridim_convolution_param { num_output: 4 kernel_size: 3
                pad: 1 stride: 2 weight_filler { type: "gaussian" } bias_filler { value: 0.5 } } }
        layer { name: "p" type: "TridimPooling" bottom: "c" top: "p" tridim_pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: "a" type: "TridimPooling" bottom: "x" top: "a" tridim_pooling_param { pool: AVE kernel_size: 3 stride: 2 } }
        """, phase=phase)
    found = net.activations(x=torch.randn(2, 3, 5, 7, 9))
    weight, bias = net.params["c"]
    assert torch.allclose(found["c"], F.conv3d(found["x"], weight, bias, stride=2, padding=1), atol=1e-5)
    assert torch.equal(found["p"], F.max_pool3d(found["c"], 2, 2, ceil_mode=True))
    assert torch.allclose(found["a"], F.avg_pool3d(found["x"], 3, 2), atol=1e-6)


def test_data_are_those_of_c3d(tmp_path: Path):
    (tmp_path / "clip").mkdir()
    for frame in range(1, 5):
        Image.fromarray(np.full((5, 6, 3), 10 * frame, np.uint8)).save(tmp_path / "clip" / f"{frame:06d}.jpg", quality=100)
    (tmp_path / "list.txt").write_text("clip 2 7\n")
    net = netdef.loads("""layer { name: "d" type: "TridimData" top: "data" top: "label" tridim_data_param {
        source: "list.txt" new_length: 3 use_image: true batch_size: 2 } }""", tmp_path)
    batch = next(net.feeds)
    assert batch["data"].shape == (2, 3, 3, 5, 6) and batch["label"].tolist() == [7, 7]
    assert torch.equal(batch["data"][0, 0, :, 2, 3], torch.tensor([20.0, 30, 40]))


@pytest.mark.parametrize(("layer", "said"), [
    ('type: "TridimConvolution" tridim_convolution_param { num_output: 4 kernel_size: 3 kernel_h: 2 }', "gives `kernel_h`"),
    ('type: "TridimConvolution" tridim_convolution_param { num_output: 4 }', "needs a `kernel_size`"),
    ('type: "TridimPooling" tridim_pooling_param { kernel_size: 3 pad: 1 }', "pads what it takes the maximum of"),
])
def test_sizes_that_the_fork_does_not_read(layer, said):
    with pytest.raises(netdef.SpecError, match=said):
        read_net_text(f'{INPUT} layer {{ name: "l" bottom: "x" top: "y" {layer} }}')
