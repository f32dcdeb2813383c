"""A folded net computes what the net computed."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.convert.edits.fold_batch_norm import fold_batch_norm

DATA = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 dim: 7 dim: 5 } } }'
FILL = 'weight_filler { type: "xavier" }'
GROUPS = f"num_output: 6 kernel_size: 3 group: 2 {FILL}"


def layer(type: str, name: str, bottoms: str, top: str, param: str = "") -> str:
    given = "".join(f'bottom: "{bottom}" ' for bottom in bottoms.split())
    return f'layer {{ name: "{name}" type: "{type}" {given}top: "{top}" {param} }}'


def conv(bottoms: str = "data") -> str:
    return layer("Convolution", "c", bottoms, "c", f"convolution_param {{ bias_term: false {GROUPS} }}")


def batch_norm(top: str, more: str = "") -> str:
    return layer("BatchNorm", "bn", "c", top, f"batch_norm_param {{ {more} eps: 0.01 }}")


def scale(bottom: str) -> str:
    return layer("Scale", "sc", bottom, "s", "scale_param { bias_term: true }")


def relu(bottom: str) -> str:
    return layer("ReLU", "r", bottom, "r")


DECONV = layer("Deconvolution", "c", "data", "c", f"convolution_param {{ {GROUPS} }}")
IP = layer("InnerProduct", "c", "data", "c", f"inner_product_param {{ num_output: 6 transpose: true {FILL} }}")
BN = layer("BN", "bn", "c", "b", 'bn_param { slope_filler { type: "constant" value: 1 } }')


def filled(text: str) -> netdef.Net:
    torch.manual_seed(3)
    net = netdef.loads(text)
    for key, blobs in net.params.items():
        for i, blob in enumerate(blobs):
            if net.layers[key].type_name in ("BatchNorm", "Scale", "BN") or blob.ndim == 1:
                blob.data.uniform_(0.5, 2.0)
    return net


@pytest.mark.parametrize("text, folded", {
    "conv, bn, scale": (conv() + batch_norm("b") + scale("b") + relu("s"), ["bn", "sc"]),
    "conv, scale": (conv() + scale("c") + relu("s"), ["sc"]),
    "in place": (conv() + batch_norm("c") + relu("c"), ["bn"]),
    "deconv": (DECONV + batch_norm("b") + scale("b"), ["bn", "sc"]),
    "inner product": (IP + batch_norm("b"), ["bn"]),
    "yjxiong's bn": (conv() + BN, ["bn"]),
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
    conv() + batch_norm("b") + layer("AbsVal", "k", "c", "k"),  # c has another reader
    conv() + batch_norm("b", "use_global_stats: false"),
    layer("Pooling", "c", "data", "c", "pooling_param { kernel_size: 2 }") + batch_norm("b"),
])
def test_layers_that_cannot_be_folded_are_kept(text):
    net = filled(f"{DATA} {text}")
    assert fold_batch_norm(net) == (net, [])


def test_a_mask_is_kept():
    net = filled(DATA + layer("Mask", "m", "", "m") + conv("data m") + batch_norm("b"))
    kept = torch.rand(6, 2, 3, 3) > 0.5
    net.masks["m"].set(kept)
    smaller, _ = fold_batch_norm(net)
    assert torch.equal(smaller.masks["m"].kept, kept)
    x = torch.randn(2, 4, 7, 5)
    with torch.no_grad():
        torch.testing.assert_close(smaller(x)["b"], net(x)["b"], rtol=1e-5, atol=1e-6)
