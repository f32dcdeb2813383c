"""Words for layers with weights, for pooling and for normalisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from netdef.convert.torch_source import runtime
from netdef.convert.torch_source.code import (
    Variable,
    Wording,
    Wordless,
    arguments,
    number,
    plain,
    single,
    sizes,
    weight_and_bias,
    words_for,
)
from netdef.layers.core.base import Layer


@words_for("Convolution", "ConvolutionDepthwise", "DepthwiseConvolution", "Deconvolution")
def _convolution(layer, me, bottoms):
    if not layer.plain:
        raise Wordless("convolves along an axis other than 1, or without spatial axes")
    state, n = weight_and_bias(layer), layer.n_spatial
    front = layer.weight.shape[:2]
    inside, outside = (front[0], front[1] * layer.group) if layer.transposed else (front[1] * layer.group, front[0])
    made = arguments(
        inside, outside, f"kernel_size={sizes(layer.weight.shape[2:])}",
        stride=(sizes(layer.stride), "1"), padding=(sizes(layer.pad), "0"), dilation=(sizes(layer.dilation), "1"),
        groups=(layer.group, 1), bias=("bias" in state, True))
    kind = f"nn.Conv{'Transpose' if layer.transposed else ''}{n}d"
    calls = [f"{me}(F.pad({x}, {tuple(layer.sides)}))" if layer.sides else f"{me}({x})" for x in bottoms]
    return single(", ".join(calls), f"{kind}({made})", state)


@words_for("InnerProduct")
def _inner_product(layer, me, bottoms):
    state = weight_and_bias(layer, layer.transpose)
    outputs, features = state["weight"].shape
    made = f"nn.Linear({arguments(features, outputs, bias=('bias' in state, True))})"
    rows = bottoms[0] if len(bottoms[0].shape) == layer.axis + 1 else f"{bottoms[0]}.flatten({layer.axis})"
    return single(f"{me}({rows})", made, state)


@words_for("Embed")
def _embed(layer, me, bottoms):
    rows, size = layer.weight.shape
    table = Wording(f"{me}({bottoms[0]}.long())", {"": f"nn.Embedding({rows}, {size})"},
                    {"": {"weight": layer.blob("weight")}})
    if layer.bias is None:
        return table
    return Wording(f"{table.call} + {me}_bias", {**table.members, "_bias": f"nn.Parameter(torch.zeros({size}))"},
                   {**table.state, "_bias": {"": layer.blob("bias")}})


@words_for("Pooling")
def _pooling(layer, me, bottoms):
    x, shape = bottoms[0], arguments(
        sizes(layer.kernel), stride=(sizes(layer.stride), sizes(layer.kernel)), padding=(sizes(layer.pad), "0"),
        ceil_mode=(layer.ceil, False))
    method = "_max" if layer.method == "_max_any" and layer.with_index else layer.method
    if layer.whole and method in ("_max", "_mean"):
        return plain(f"{x}.{'amax' if method == '_max' else 'mean'}((2, 3), keepdim=True)")
    if method == "_max":
        if any(2 * pad > kernel for pad, kernel in zip(layer.pad, layer.kernel)) and layer.with_index:
            raise Wordless("gives indices of a plane padded by more than half the kernel")
        with_index = ", return_indices=True" if layer.with_index else ""
        return single(f"{me}({bottoms[0]})", f"nn.MaxPool2d({shape}{with_index})", {})
    if method == "_average":
        return single(f"{me}({bottoms[0]})", f"nn.AvgPool2d({shape})", {})
    kernel, stride, pad = tuple(layer.kernel), tuple(layer.stride), tuple(layer.pad)
    height_width = x.shape[2:]
    like = torch.empty(1, 1, *height_width, device="meta")
    if method == "_max_any":
        return plain(f"padded_max_pool({x}, {kernel}, {stride}, {pad}, {layer._room(like)})", runtime.padded_max_pool)
    if method == "_average_any":
        size = layer._pooled(height_width)
        return plain(f"padded_average_pool({x}, {kernel}, {stride}, {pad}, {size})", runtime.padded_average_pool)
    return plain(f"stochastic_pool({x}, {kernel}, {stride}, {layer._room(like)})", runtime.stochastic_pool)


@words_for("LRN")
def _lrn(layer, me, bottoms):
    size, alpha, beta, k = layer.size, number(layer.alpha), number(layer.beta), number(layer.k)
    if layer.axes == (2, 3):
        return plain(f"local_response_norm_within({bottoms[0]}, {size}, alpha={alpha}, beta={beta})",
                     runtime.local_response_norm_within)
    return single(f"{me}({bottoms[0]})", f"nn.LocalResponseNorm({size}, alpha={alpha}, beta={beta}, k={k})", {})


def _spatial(x: Variable) -> int:
    """Which of torch's three batch norms takes a blob."""
    return max(len(x.shape) - 2, 1)


def batch_norm(layer: Layer, me: str, bottoms: Sequence[Variable], scale: Layer | None = None) -> Wording:
    """A BatchNorm, with the Scale that follows it, as torch's, which has both in one."""
    state = {}
    if layer.affine:
        state = {"weight": layer.blob("scale"), "bias": layer.blob("bias")}
    elif scale is not None:
        bias = scale.blob("bias")
        state = {"weight": scale.blob("scale"), "bias": torch.zeros_like(scale.scale) if bias is None else bias}
    fixed = layer.use_global_stats is not False
    if fixed:
        share = layer.factor.reciprocal().nan_to_num(posinf=0.0)
        state |= {"running_mean": layer.mean_sum * share, "running_var": layer.variance_sum * share}
    made = arguments(layer.channels, eps=(number(layer.eps), "1e-05"), affine=("weight" in state, True),
                     track_running_stats=(fixed, True))
    return single(f"{me}({bottoms[0]})", f"nn.BatchNorm{_spatial(bottoms[0])}d({made})", state)


@words_for("BatchNorm")
def _batch_norm(layer, me, bottoms):
    if layer.single_axis:
        raise Wordless("normalises a bottom of one axis")
    return batch_norm(layer, me, bottoms)


@words_for("BN")
def _bn(layer, me, bottoms):
    slope, bias = layer.blob("slope").flatten(), layer.blob("bias").flatten()
    channels = len(slope)
    if layer.folded:
        return _affine(me, bottoms[0], {"scale": slope, "bias": bias}, (1,) * (len(bottoms[0].shape) - 2))
    state = {"weight": slope, "bias": bias}
    if not layer.segnet:
        state |= {"running_mean": layer.mean.flatten(), "running_var": layer.variance.flatten()}
    made = arguments(channels, eps=(number(layer.eps), "1e-05"), track_running_stats=(not layer.segnet, True))
    return single(f"{me}({bottoms[0]})", f"nn.BatchNorm{_spatial(bottoms[0])}d({made})", state)


def _affine(me: str, x: str, blobs: Mapping[str, Tensor], trailing: Sequence[int], factor: str = "") -> Wording:
    """``x`` times a parameter, plus one, each spread over the axes behind its own."""
    def spread(name: str) -> str:
        view = f".reshape({', '.join(map(str, (*blobs[name].shape, *trailing)))})" if trailing else ""
        return f"{me}_{name}{view}"

    call = x
    if factor or "scale" in blobs:
        call = f"{call} * {factor or spread('scale')}"
    if "bias" in blobs:
        call = f"{call} + {spread('bias')}"
    usual = {"scale": "ones", "bias": "zeros"}
    made = {f"_{name}": f"nn.Parameter(torch.{usual[name]}({tuple(blob.shape)}))" for name, blob in blobs.items()}
    return Wording(call, made, {f"_{name}": {"": blob} for name, blob in blobs.items()})


@words_for("Scale")
def _scale(layer, me, bottoms):
    blobs = {name: layer.blob(name) for name in ("scale", "bias") if name in layer.blob_names}
    factor = ""
    if len(bottoms) == 2:
        ones = "".join(", 1" for _ in layer.trailing)
        factor = f"{bottoms[1]}.reshape(*{bottoms[1]}.shape{ones})" if ones else bottoms[1]
    return _affine(me, bottoms[0], blobs, layer.trailing, factor)


@words_for("Bias")
def _bias(layer, me, bottoms):
    if len(bottoms) == 2:
        ones = "".join(", 1" for _ in layer.trailing)
        return plain(f"{bottoms[0]} + {bottoms[1]}" + (f".reshape(*{bottoms[1]}.shape{ones})" if ones else ""))
    return _affine(me, bottoms[0], {"bias": layer.blob("bias")}, layer.trailing)


@words_for("Normalize")
def _normalize(layer, me, bottoms):
    x, scale = bottoms[0], layer.blob("scale")
    norm = f"({x}.square().sum({layer.axes}, keepdim=True) + {number(layer.eps)}).sqrt()"
    trailing = (1,) * (len(bottoms[0].shape) - 2) if scale.ndim else ()
    return _affine(me, f"{x} / {norm}", {"scale": scale}, trailing)
