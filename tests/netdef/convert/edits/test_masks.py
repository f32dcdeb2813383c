"""Masks made from zeros and from mask files, added to nets, and removed."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netdef
from netdef.convert.edits.masks import (
    add_default_masks,
    masks_in_text,
    masks_of_zeros,
    with_masks,
    without_masks,
    zero_shares,
)
from netdef.errors import FileError, NetdefError

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 6 dim: 5 } } }'
NET = INPUT + """
layer { name: "c1" type: "Convolution" bottom: "x" top: "c1"
        convolution_param { num_output: 4 kernel_size: 2 weight_filler { type: "xavier" } } }
layer { name: "c2" type: "Convolution" bottom: "c1" top: "c2"
        convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "ip" type: "InnerProduct" bottom: "c2" top: "ip"
        inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
"""


@pytest.fixture
def net() -> netdef.Net:
    torch.manual_seed(4)
    return netdef.loads(NET)


def prune(net: netdef.Net) -> torch.Tensor:
    """Set a third of the last weight to zero; the mask of the others."""
    weight = net.params["ip"][0].data
    kept = torch.arange(weight.numel()).reshape(weight.shape) % 3 > 0
    weight[~kept] = 0
    return kept


def test_masks_are_made_from_zeros(net):
    with pytest.raises(NetdefError, match="no weight has 1% of zeros or more: there are no masks to make of them"):
        masks_of_zeros(net)
    kept = prune(net)
    shares = zero_shares(net)
    assert shares == {("c1", 0): 0, ("c2", 0): 0, ("ip", 0): pytest.approx(1 / 3, abs=0.02)}
    (found,) = masks_of_zeros(net).items()
    assert found[0] == ("ip", 0) and torch.equal(found[1], kept)


def test_a_net_gets_mask_layers_and_zeros(net):
    kept = torch.arange(60).reshape(5, 12) % 5 > 0
    masked = with_masks(net, {("ip", 0): kept})
    assert [layer.name for layer in masked.spec.layers] == ["in", "c1", "c2", "ip_mask", "ip"]
    assert torch.equal(masked.masks["ip_mask"].kept, kept)
    assert torch.equal(masked.params["ip"][0], net.params["ip"][0] * kept)
    assert torch.equal(masked.params["c1"][0], net.params["c1"][0])
    again = with_masks(masked, {("ip", 0): ~kept})  # the Mask that is there takes the mask
    assert again is masked and torch.equal(masked.masks["ip_mask"].kept, ~kept)
    with pytest.raises(NetdefError, match=r"layer `ip` \(InnerProduct\): no mask can cover its blob 1"):
        with_masks(net, {("ip", 1): torch.ones(5, dtype=torch.bool)})


def test_removed_masks_leave_their_zeros(net):
    kept = torch.arange(60).reshape(5, 12) % 5 > 0
    masked = with_masks(net, {("ip", 0): kept})
    masked.params["ip"][0].data.fill_(1)
    plain = without_masks(masked)
    assert not plain.masks and torch.equal(plain.params["ip"][0], kept.float())
    assert [layer.name for layer in plain.spec.layers] == ["in", "c1", "c2", "ip"]


def test_default_masks_leave_out_the_first_convolution(net):
    masked = add_default_masks(net.spec, 0.25)
    masks = {layer.name: layer.message.mask_param.sparsity for layer in masked.layers if layer.type == "Mask"}
    assert masks == {"c2_mask": 0.25, "ip_mask": 0.25}


def test_a_mask_file_is_read(net, tmp_path):
    bits = [int(i % 7 > 2) for i in range(60)]
    Path(tmp_path / "m.txt").write_text(f"\nip 60 {' '.join(map(str, bits))}\n")
    (found,) = masks_in_text(net, tmp_path / "m.txt").items()
    assert found[0] == ("ip", 0) and found[1].flatten().tolist() == [bool(bit) for bit in bits] and found[1].shape == (5, 12)


@pytest.mark.parametrize(("content", "said"), [
    (b"ip 60 0 1", ":1: layer `ip` has 60 weights; the line says 60 and has 2"),
    (b"\nip", ":2: layer `ip` has 60 weights; the line says nothing and has 0"),
    (b"ipp 1 0", ":1: the net has no weights of a layer `ipp`; did you mean `ip`?"),
    (b"ip 60 " + b"2 " * 60, ":1: `2` is neither 0 nor 1"),
    (b"", ": is empty; a mask file has a line for each layer: name count 0 1 1 ..."),
    (b"\xff\xfe", ": is no text; a mask file has a line for each layer"),
])
def test_mask_files_that_do_not_fit_are_refused(net, tmp_path, content, said):
    (tmp_path / "m.txt").write_bytes(content)
    with pytest.raises(FileError) as raised:
        masks_in_text(net, tmp_path / "m.txt")
    assert str(raised.value).startswith(f"{tmp_path / 'm.txt'}{said}")
    with pytest.raises(FileError, match="none.txt: cannot be read: No such file or directory"):
        masks_in_text(net, tmp_path / "none.txt")
