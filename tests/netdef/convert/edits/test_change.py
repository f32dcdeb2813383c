"""Changes of a net with its weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netdef
from netdef.convert.edits.change import change
from netdef.convert.options import ChangeOptions
from netdef.errors import NetdefError

NET = """
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 6 dim: 5 } } }
layer { name: "c1" type: "Convolution" bottom: "x" top: "c1"
        convolution_param { num_output: 4 kernel_size: 2 weight_filler { type: "xavier" } } }
layer { name: "bn" type: "BatchNorm" bottom: "c1" top: "c1" }
layer { name: "ip" type: "InnerProduct" bottom: "c1" top: "ip"
        inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
"""


@pytest.fixture
def net() -> netdef.Net:
    torch.manual_seed(7)
    net = netdef.loads(NET)
    net.params["bn"][1].fill_(4)
    net.params["bn"][2].fill_(1)
    return net


def test_without_options_nothing_changes(net):
    changed = change(net, ChangeOptions())
    assert changed.source is changed.net is net and changed.folds == []


def test_masks_are_added_with_their_sparsity_and_batch_norm_is_folded(net):
    changed = change(net, ChangeOptions(add_masks=True, sparsity=0.5, fold_bn=True))
    assert changed.source is net and [fold.into.key for fold in changed.folds] == ["c1"]
    assert [layer.name for layer in changed.net.spec.layers] == ["in", "c1", "ip_mask", "ip"]
    assert changed.net.spec.layers[2].message.mask_param.sparsity == 0.5
    x = torch.randn(2, 3, 6, 5)
    torch.testing.assert_close(changed.net(x)["ip"], net(x)["ip"])


def test_masks_of_a_file_prune_the_source_too(net, tmp_path):
    bits = " ".join("01"[i % 4 > 0] for i in range(7 * 80))
    Path(tmp_path / "m.txt").write_text(f"ip {7 * 80} {bits}")
    changed = change(net, ChangeOptions(masks_from=str(tmp_path / "m.txt"), strip_masks=True))
    weight = changed.net.params["ip"][0]
    assert not changed.net.masks and int((weight == 0).sum()) == 7 * 80 // 4
    x = torch.randn(2, 3, 6, 5)
    assert list(changed.source.masks) == ["ip_mask"] and torch.equal(changed.source(x)["ip"], changed.net(x)["ip"])


def test_masks_from_weights_without_zeros_are_refused(net):
    with pytest.raises(NetdefError, match="no weight has 1% of zeros or more"):
        change(net, ChangeOptions(masks_from="zeros"))
