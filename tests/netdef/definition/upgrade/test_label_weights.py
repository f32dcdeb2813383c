"""SoftmaxWithLoss with weights in nets of JAA-Net, and in others."""

from __future__ import annotations

import warnings

import pytest
import torch

import netdef

NET = """layer { name: "i" type: "Input" top: "x" top: "t" top: "w" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 }
    shape { dim: 2 } } }
layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "t" bottom: "w" top: "y" }
"""
FACE = """layer { name: "p" type: "Input" top: "p" input_param { shape { dim: 2 dim: 98 } } }
layer { name: "m" type: "AUMaskBasedLand" bottom: "p" """ + " ".join(f'top: "m{i}"' for i in range(13)) + """
  au_mask_based_land_param { img_size: 20 spatial_ratio: 0.3 spatial_scale: 0.5 } }
"""
X, T, W = torch.tensor([[0.5, -1, 2], [1, 0, -2]]), torch.tensor([2.0, 0]), torch.tensor([3.0, 0.5])
COSTS = torch.nn.functional.cross_entropy(X, T.long(), reduction="none")


def test_beside_a_layer_of_jaa_net_weights_keep_the_divisor():
    with pytest.warns(UserWarning, match="layer `l` .SoftmaxWithLoss. is read as in JAA-Net's fork"):
        net = netdef.loads(NET + FACE)
    torch.testing.assert_close(net(x=X, t=T, w=W, p=torch.rand(2, 98))["y"], (COSTS * W).sum() / 2)


def test_elsewhere_the_loss_is_a_weighted_mean():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = netdef.loads(NET)
    torch.testing.assert_close(net(x=X, t=T, w=W)["y"], (COSTS * W).sum() / 3.5)


def test_a_net_that_says_so_is_not_changed():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = netdef.loads(NET.replace('top: "y" }', 'top: "y" loss_param { weights_keep_divisor: true } }') + FACE)
    torch.testing.assert_close(net(x=X, t=T, w=W, p=torch.rand(2, 98))["y"], (COSTS * W).sum() / 2)
