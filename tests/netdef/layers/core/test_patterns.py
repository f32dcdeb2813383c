"""Fillers that draw nothing. Those that BVLC's Caffe has, too, are in `test_fillers`, beside what it recorded."""

from __future__ import annotations

import math

import pytest
import torch
from google.protobuf import text_format

import netdef
from netdef.errors import SpecError
from netdef.layers.core.fillers import fill_of
from netdef.schema.messages import FillerParameter


def filled(text: str, shape: tuple[int, ...]) -> torch.Tensor:
    blob = torch.full(shape, math.nan)
    fill_of(text_format.Parse(text, FillerParameter()), None)(blob)
    return blob


def test_a_diagonal_passes_channels_on():
    """Three tops of four channels, a kernel of 2 x 5: channel n to top n, times the value that is given, or 1."""
    found = filled("type: 'diagonal' diag_val: 20 diag_val: -5", (3, 4, 2, 5)) * 10
    expected = torch.zeros(3, 4, 2, 5)
    for n, value in enumerate((20, -5, 1)):
        expected[n, n] = value
    torch.testing.assert_close(found, expected)


def test_given_values_and_zeros_after_them():
    found = filled("type: 'value' values: 0.5 values: -3 values: 0 values: 2", (2, 3))
    assert found.tolist() == [[0.5, -3, 0], [2, 0, 0]]
    with pytest.raises(ValueError, match=r"3 `values` cannot fill a blob of shape \(2,\)"):
        filled("type: 'value' values: [1, 2, 3]", (2,))


def test_numbers_of_a_text(tmp_path):
    (tmp_path / "bias.txt").write_text("1 0.5\n-2e-1\n4 7\n 6 99")
    text = ('layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } } layer { name: "l" '
            'type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 2 bias_term: false '
            'weight_filler { type: "file" file: "bias.txt" } } }')
    net = netdef.loads(text, base_dir=tmp_path)
    torch.testing.assert_close(net.params["l"][0].detach(), torch.tensor([[1, 0.5, -0.2], [4, 7, 6]]))
    with pytest.raises(netdef.FileError, match=r"bias.txt: 6 numbers|7 numbers for a blob of shape \(2, 4\), which wants 8"):
        netdef.loads(text.replace("dim: 3", "dim: 4"), base_dir=tmp_path)
    with pytest.raises(netdef.FileError, match="there is no .*bias2.txt"):
        netdef.loads(text.replace("bias.txt", "bias2.txt"), base_dir=tmp_path)
    (tmp_path / "bias.txt").write_text("1 0.5 one 3 4 5")
    with pytest.raises(netdef.FileError, match="one"):
        netdef.loads(text, base_dir=tmp_path)
    with pytest.raises(SpecError, match="has a `file` filler without a `file`"):
        netdef.loads(text.replace('file: "bias.txt"', ""), base_dir=tmp_path)


def test_the_first_version_of_bilinear():
    """The same but where the size is even and half of it odd, or odd and the half of the next even: 6 and 7 here."""
    for size in (4, 5, 8):
        shape = (2, 1, size, size)
        assert torch.equal(filled('type: "bilinear_upsampling"', shape), filled('type: "bilinear"', shape))
    for size, factor, centre in ((6, 3, 4 / 6), (7, 4, 7 / 8)):
        ramp = torch.tensor([1 - abs(x / factor - centre) for x in range(size)])
        torch.testing.assert_close(filled('type: "bilinear_upsampling"', (1, 1, size, size))[0, 0], torch.outer(ramp, ramp))


def test_a_trilinear_filler_is_bilinear_along_three_axes():
    """A side of 4, which enlarges twofold: a quarter, three, three, a quarter."""
    ramp = torch.tensor([0.25, 0.75, 0.75, 0.25])
    found = filled('type: "thrlinear"', (2, 1, 4, 4, 4))
    torch.testing.assert_close(found, torch.einsum("i,j,k->ijk", ramp, ramp, ramp).expand(2, 1, 4, 4, 4))
    with pytest.raises(ValueError, match="5 axes and a cube as kernel"):
        filled('type: "thrlinear"', (2, 1, 4, 4, 3))


def test_places():
    found = filled('type: "xy"', (3, 2, 4, 5))
    assert torch.equal(found[:, 0], torch.arange(5.0).expand(3, 4, 5))
    assert torch.equal(found[:, 1], torch.arange(4.0)[:, None].expand(3, 4, 5))


def test_border_masks():
    wanted = torch.zeros(2, 3, 5, 6)
    wanted[:, :, 1:4, 1:5] = 1
    assert torch.equal(filled('type: "borderMask" border_ratio: 0.2', (2, 3, 5, 6)), wanted)
    assert torch.equal(filled('type: "borderMask" border_ratio: 0.3', (1, 1, 5, 6))[0, 0, 1], torch.tensor([0.0, 0, 0, 0, 0, 0]))
    assert filled('type: "borderMask" border_ratio: 0.09', (1, 1, 5, 6)).min() == 1
    with pytest.raises(ValueError, match="4 axes"):
        filled('type: "borderMask" border_ratio: 0.2', (5, 6))


def test_flow_border_mask_leaves_out_what_has_no_next_place():
    found = filled('type: "flowBorderMask"', (2, 2, 2, 3))
    one = torch.tensor([[[1.0, 1, 0], [1, 1, 0]], [[1, 1, 1], [0, 0, 0]]])
    assert torch.equal(found, one.expand(2, 2, 2, 3))
