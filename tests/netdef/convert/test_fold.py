"""A folded net computes what the net computed."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.convert.fold import fold_batch_norm

DATA = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 dim: 7 dim: 5 } } }'
FILL = 'weight_filler { type: "xavier" }'
CONV = f'layer {{ name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param {{ num_output: 6 kernel_size: 3 group: 2 bias_term: false {FILL} }} }}'
BN = 'layer { name: "bn" type: "BatchNorm" bottom: "c" top: "b" batch_norm_param { eps: 0.01 } }'
SCALE = 'layer { name: "sc" type: "Scale" bottom: "b" top: "s" scale_param { bias_term: true } }'
RELU = 'layer { name: "r" type: "ReLU" bottom: "%s" top: "r" }'


def filled(text: str) -> netdef.Net:
    torch.manual_seed(3)
    net = netdef.loads(text)
    for key, blobs in net.params.items():
        for i, blob in enumerate(blobs):
            if net.layers[key].type_name in ("BatchNorm", "Scale", "BN") or blob.ndim == 1:
                blob.data.uniform_(0.5, 2.0)
    return net


@pytest.mark.parametrize("text, folded", {
    "conv, bn, scale": (f"{CONV} {BN} {SCALE} {RELU % 's'}", ["bn", "sc"]),
    "conv, scale": (f"{CONV} {SCALE.replace(chr(34) + 'b' + chr(34), chr(34) + 'c' + chr(34))} {RELU % 's'}", ["sc"]),
    "in place": (f"{CONV} {BN.replace('top: %sb%s' % (chr(34), chr(34)), 'top: %sc%s' % (chr(34), chr(34)))} {RELU % 'c'}", ["bn"]),
    "deconv": (f'layer {{ name: "c" type: "Deconvolution" bottom: "data" top: "c" convolution_param {{ num_output: 6 kernel_size: 3 group: 2 {FILL} }} }} {BN} {SCALE}', ["bn", "sc"]),
    "inner product": (f'layer {{ name: "c" type: "InnerProduct" bottom: "data" top: "c" inner_product_param {{ num_output: 6 transpose: true {FILL} }} }} {BN}', ["bn"]),
    "yjxiong's bn": (f'{CONV} layer {{ name: "bn" type: "BN" bottom: "c" top: "b" bn_param {{ slope_filler {{ type: "constant" value: 1 }} }} }}', ["bn"]),
}.values())
def test_same_numbers_with_fewer_layers(text, folded):
    net = filled(f"{DATA} {text}")
    smaller, folds = fold_batch_norm(net)
    assert [node.key for fold in folds for node in fold.folded] == folded
    assert [key for key in net.layers if key not in smaller.layers] == folded
    x = torch.randn(2, 4, 7, 5)
    with torch.no_grad():
        (was,), (now,) = net(x).values(), smaller(x).values()
    assert net.outputs == smaller.outputs
    torch.testing.assert_close(now, was, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("text", [
    f'{CONV} {BN} layer {{ name: "k" type: "AbsVal" bottom: "c" top: "k" }}',  # c has another reader
    f"{CONV} {BN.replace('eps', 'use_global_stats: false eps')}",
    f'layer {{ name: "c" type: "Pooling" bottom: "data" top: "c" pooling_param {{ kernel_size: 2 }} }} {BN}',
])
def test_what_cannot_be_folded_stays(text):
    net = filled(f"{DATA} {text}")
    assert fold_batch_norm(net) == (net, [])


def test_a_mask_stays():
    text = f'{DATA} layer {{ name: "m" type: "Mask" top: "m" }} {CONV.replace("top:", "bottom: %sm%s top:" % (chr(34), chr(34)), 1)} {BN}'
    net = filled(text)
    kept = torch.rand(6, 2, 3, 3) > 0.5
    net.masks["m"].set(kept)
    smaller, _ = fold_batch_norm(net)
    assert torch.equal(smaller.masks["m"].kept, kept)
    x = torch.randn(2, 4, 7, 5)
    with torch.no_grad():
        torch.testing.assert_close(smaller(x)["b"], net(x)["b"], rtol=1e-5, atol=1e-6)
