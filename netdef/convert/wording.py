"""Layers in torch's words: for each type, what a person would write in a module of their own.

A wording reads the built layer, not its message. It is for inference: what a layer does in TRAIN alone is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from netdef.convert import pieces
from netdef.errors import NetdefError
from netdef.layers import boxes
from netdef.layers.base import Layer, Shape


class Wordless(NetdefError):
    """A layer that is not written as a plain module; the message goes on from "layer `name` (Type)"."""


@dataclass(frozen=True)
class Wording:
    """``call`` is the expression of the top (of several tops, a tuple).

    ``members`` are the attributes that it uses: {what stands behind the layer's name: how it is made}; ``state`` their
    tensors, by the name that they have within the member. ``pieces`` are the functions of `pieces` that are needed.
    """

    call: str
    members: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, Mapping[str, Tensor]] = field(default_factory=dict)
    pieces: tuple[Callable, ...] = ()


class Variable(str):
    """The name of a variable that holds a blob, and the shape that the blob has."""

    shape: Shape

    def __new__(cls, name: str, shape: Shape) -> Variable:
        variable = super().__new__(cls, name)
        variable.shape = shape
        return variable


Writer = Callable[[Layer, str, Sequence[Variable]], Wording]
_writers: dict[str, Writer] = {}


def words_for(*types: str) -> Callable[[Writer], Writer]:
    """Decorator: a function of the layer, its attribute (``self.conv1``) and its bottoms' variables."""

    def claim(function: Writer) -> Writer:
        _writers.update(dict.fromkeys(types, function))
        return function

    return claim


def wording(layer: Layer, me: str, bottoms: Sequence[Variable]) -> Wording:
    """The wording of a layer. Raises `Wordless` where there is none."""
    found = _writers.get(layer.type_name)
    if found is None:
        why = "computes a loss or a score" if layer.is_loss or layer.type_name == "Accuracy" else "has no words in torch"
        raise Wordless(why)
    return found(layer, me, bottoms)


def number(value: float) -> str:
    """A number as a person writes it: the shortest that is the same float32."""
    if isinstance(value, (bool, int)):
        return repr(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else str(np.float32(value))


def sizes(values: Sequence[int]) -> str:
    """One number where all are equal, else a tuple."""
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


def arguments(*given: object, **named: tuple[object, object]) -> str:
    """``named`` are (value, torch's default): left out where equal."""
    return ", ".join([*map(str, given), *(f"{key}={value}" for key, (value, usual) in named.items() if value != usual)])


def single(call: str, made: str, state: Mapping[str, Tensor]) -> Wording:
    """A layer that is one module, or one parameter."""
    return Wording(call, {"": made}, {"": state})


def plain(call: str, *needed: Callable) -> Wording:
    """A layer that is an expression."""
    return Wording(call, pieces=needed)


def weight_and_bias(layer: Layer, transpose: bool = False) -> dict[str, Tensor]:
    """``weight`` under its mask, and ``bias`` where there is one."""
    weight = layer.blob("weight")
    state = {"weight": weight.t() if transpose else weight}
    if (bias := layer.blob("bias")) is not None:
        state["bias"] = bias
    return state


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
        return plain(f"padded_max_pool({x}, {kernel}, {stride}, {pad}, {layer._room(like)})", pieces.padded_max_pool)
    if method == "_average_any":
        size = layer._pooled(height_width)
        return plain(f"padded_average_pool({x}, {kernel}, {stride}, {pad}, {size})", pieces.padded_average_pool)
    return plain(f"stochastic_pool({x}, {kernel}, {stride}, {layer._room(like)})", pieces.stochastic_pool)


@words_for("LRN")
def _lrn(layer, me, bottoms):
    size, alpha, beta, k = layer.size, number(layer.alpha), number(layer.beta), number(layer.k)
    if layer.axes == (2, 3):
        return plain(f"local_response_norm_within({bottoms[0]}, {size}, alpha={alpha}, beta={beta})",
                     pieces.local_response_norm_within)
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


@words_for("Dropout")
def _dropout(layer, me, bottoms):
    if layer.always:
        return plain(f"F.dropout({bottoms[0]}, {number(layer.ratio)})")
    if not layer.scale_train:
        return plain(f"{bottoms[0]} * {number(1 - layer.ratio)}")
    return single(f"{me}({bottoms[0]})", f"nn.Dropout({number(layer.ratio)})", {})


@words_for("ReLU")
def _relu(layer, me, bottoms):
    slope = layer.negative_slope
    return plain(f"F.leaky_relu({bottoms[0]}, {number(slope)})" if slope else f"F.relu({bottoms[0]})")


@words_for("PReLU")
def _prelu(layer, me, bottoms):
    slope = layer.blob("slope")
    return single(f"{me}({bottoms[0]})", f"nn.PReLU({slope.numel()})", {"weight": slope.reshape(-1)})


@words_for("ReLU6")
def _relu6(layer, me, bottoms):
    leak = f" + {number(layer.negative_slope)} * {bottoms[0]}.clamp(max=0)" if layer.negative_slope else ""
    return plain(f"F.relu6({bottoms[0]}){leak}")


_ONE_TO_ONE = {
    "Sigmoid": "torch.sigmoid({x})", "TanH": "torch.tanh({x})", "BNLL": "F.softplus({x})", "AbsVal": "{x}.abs()",
    "HardSwish": "F.hardswish({x})", "Silence": "", "Softmax": "F.softmax({x}, dim={l.axis})",
    "Permute": "{x}.permute({l.order})", "Squeeze": "{x}.squeeze({l.axes})", "Tile": "{x}.repeat({l.repeats})",
    "ShuffleChannel": "{x}.unflatten(1, ({l.group}, -1)).transpose(1, 2).flatten(1, 2)",
    "Threshold": "({x} > {l.threshold}).to({x}.dtype)", "Clip": "{x}.clamp({l.min}, {l.max})",
}


@words_for(*_ONE_TO_ONE)
def _one_to_one(layer, me, bottoms):
    return plain(_ONE_TO_ONE[layer.type_name].format(x=bottoms[0], l=layer))


@words_for("ELU")
def _elu(layer, me, bottoms):
    return plain(f"F.elu({arguments(bottoms[0], alpha=(number(layer.alpha), '1'))})")


@words_for("Swish")
def _swish(layer, me, bottoms):
    x = bottoms[0]
    return plain(f"F.silu({x})" if layer.beta == 1 else f"{x} * torch.sigmoid({number(layer.beta)} * {x})")


def _linear(x: str, scale: float, shift: float) -> str:
    scaled = x if scale == 1 else f"{number(scale)} * {x}"
    return scaled if shift == 0 else f"{scaled} + {number(shift)}"


@words_for("Power")
def _power(layer, me, bottoms):
    inside = _linear(bottoms[0], layer.scale, layer.shift)
    return plain(inside if layer.power == 1 else f"({inside}) ** {number(layer.power)}")


@words_for("Exp")
def _exp(layer, me, bottoms):
    return plain(f"torch.exp({_linear(bottoms[0], layer.scale, layer.shift)})")


@words_for("Log")
def _log(layer, me, bottoms):
    logarithm = f"torch.log({_linear(bottoms[0], layer.scale, layer.shift)})"
    return plain(logarithm if layer.factor == 1 else f"{number(layer.factor)} * {logarithm}")


@words_for("Eltwise")
def _eltwise(layer, me, bottoms):
    if layer.operation == "PROD":
        return plain(" * ".join(bottoms))
    if layer.operation == "MAX":
        top = bottoms[0]
        for x in bottoms[1:]:
            top = f"torch.maximum({top}, {x})"
        return plain(top)
    terms = [x if c == 1 else f"-{x}" if c == -1 else f"{number(c)} * {x}" for c, x in zip(layer.coeffs, bottoms)]
    return plain(" + ".join(terms).replace("+ -", "- "))


@words_for("Axpy")
def _axpy(layer, me, bottoms):
    a, x, y = bottoms
    return plain(f"{a}.reshape(*{x}.shape[:2], *[1] * ({x}.ndim - 2)) * {x} + {y}")


@words_for("Mul")
def _mul(layer, me, bottoms):
    return plain(" * ".join(bottoms))


@words_for("Concat")
def _concat(layer, me, bottoms):
    return plain(bottoms[0] if len(bottoms) == 1 else f"torch.cat(({', '.join(bottoms)}), dim={layer.axis})")


@words_for("Slice")
def _slice(layer, me, bottoms):
    cuts = layer.cuts if isinstance(layer.cuts, int) else tuple(layer.cuts)
    return plain(f"torch.tensor_split({bottoms[0]}, {cuts}, dim={layer.axis})")


@words_for("Split")
def _split(layer, me, bottoms):
    return plain(", ".join([bottoms[0]] * layer.copies))


@words_for("Flatten")
def _flatten(layer, me, bottoms):
    to_the_end = layer.end_axis == len(bottoms[0].shape) - 1
    return plain(f"{bottoms[0]}.flatten({layer.axis}{'' if to_the_end else f', {layer.end_axis}'})")


@words_for("Reshape")
def _reshape(layer, me, bottoms):
    x = bottoms[0]
    copied = [f"{x}.shape[{i}]" for i in range(len(bottoms[0].shape))]
    replaced = [str(dim) if dim else copied[layer.start + i] for i, dim in enumerate(layer.dims)]
    return plain(f"{x}.reshape({', '.join([*copied[: layer.start], *replaced, *copied[layer.end :]]) or '()'})")


@words_for("Reorg")
def _reorg(layer, me, bottoms):
    return plain(f"reorg({bottoms[0]}, {layer.stride}, {layer.reverse})", pieces.reorg)


@words_for("Reduction")
def _reduction(layer, me, bottoms):
    inside = {"ASUM": f"{bottoms[0]}.abs()", "SUMSQ": f"{bottoms[0]}.square()"}.get(layer.operation, bottoms[0])
    top = f"{inside}.{'mean' if layer.operation == 'MEAN' else 'sum'}({layer.axes})"
    return plain(top if layer.coeff == 1 else f"{number(layer.coeff)} * {top}")


@words_for("MVN")
def _mvn(layer, me, bottoms):
    eps = None if layer.eps is None else number(layer.eps)
    return plain(f"mean_variance_norm({bottoms[0]}, {layer.axes}, {eps})", pieces.mean_variance_norm)


@words_for("Normalize")
def _normalize(layer, me, bottoms):
    x, scale = bottoms[0], layer.blob("scale")
    norm = f"({x}.square().sum({layer.axes}, keepdim=True) + {number(layer.eps)}).sqrt()"
    trailing = (1,) * (len(bottoms[0].shape) - 2) if scale.ndim else ()
    return _affine(me, f"{x} / {norm}", {"scale": scale}, trailing)


@words_for("Crop")
def _crop(layer, me, bottoms):
    x, like = bottoms
    cuts = [f"{offset}:{offset} + {like}.shape[{axis}]" if offset else f":{like}.shape[{axis}]"
            for axis, offset in enumerate(layer.offsets, layer.axis)]
    return plain(f"{x}[{', '.join([':'] * layer.axis + cuts)}]")


@words_for("Interp")
def _interp(layer, me, bottoms):
    (begin, end), x = layer.cut, bottoms[0]
    if begin or end:
        sides = [f"{begin}:{x}.shape[{axis}] - {end}" for axis in (2, 3)]
        x = f"{x}[:, :, {sides[0]}, {sides[1]}]"
    size = layer._size(bottoms[0].shape[2:])
    return plain(f"F.interpolate({x}, {tuple(size)}, mode=\"bilinear\", align_corners=True)")


@words_for("Upsample")
def _upsample(layer, me, bottoms):
    if len(bottoms) == 1:
        return plain(f"{bottoms[0]}.repeat_interleave({layer.scale[0]}, 2).repeat_interleave({layer.scale[1]}, 3)")
    size = tuple(fixed or size * scale - less for fixed, size, scale, less in
                 zip(layer.size, bottoms[0].shape[2:], layer.scale, layer.less))
    return plain(f"unpool({bottoms[0]}, {bottoms[1]}, {size})", pieces.unpool)


@words_for("SPP")
def _spp(layer, me, bottoms):
    if layer.method == "STOCHASTIC":
        raise Wordless("pools stochastically in a pyramid")
    average = layer.method == "AVE"
    return plain(f"pyramid_pool({bottoms[0]}, {layer.height}, average={average})", pieces.pyramid_pool)


@words_for("ArgMax")
def _arg_max(layer, me, bottoms):
    x, flat = bottoms[0], layer.axis is None
    found = f"greatest({x}{'.flatten(1)' if flat else ''}, {layer.top_k}, {1 if flat else layer.axis})"
    if not flat:
        return plain(f"{found}[{0 if layer.out_max_val else 1}]", pieces.greatest)
    top = f"torch.stack({found}[::-1], 1)" if layer.out_max_val else f"{found}[1].unsqueeze(1)"
    ones = f".reshape(-1, {2 if layer.out_max_val else 1}, {layer.top_k}{', 1' * (len(x.shape) - 3)})"
    return plain(top + (ones if len(x.shape) > 3 else ""), pieces.greatest)


@words_for("Parameter")
def _parameter(layer, me, bottoms):
    value = layer.blob("value")
    return single(me, f"nn.Parameter(torch.zeros({tuple(value.shape)}))", {"": value})


@words_for("DummyData")
def _dummy_data(layer, me, bottoms):
    if any(layer.refills):
        raise Wordless("draws random numbers")
    tops = {f"_{i}": getattr(layer, f"top{i}") for i in range(len(layer.refills))}
    made = {suffix: f"nn.Buffer(torch.zeros({tuple(top.shape)}))" for suffix, top in tops.items()}
    return Wording(", ".join(f"{me}{suffix}" for suffix in tops), made, {k: {"": top} for k, top in tops.items()})


@words_for("PriorBox")
def _prior_box(layer, me, bottoms):
    priors = layer(*(torch.zeros(x.shape) for x in bottoms))  # they follow from the sizes alone
    return single(me, f"nn.Buffer(torch.zeros({tuple(priors.shape)}))", {"": priors})


@words_for("DetectionOutput")
def _detection_output(layer, me, bottoms):
    settings = ", ".join(f"{name}={_setting(value)}" for name, value in layer.settings.items())
    return plain(f"detect({', '.join(bottoms)}, {settings})",
                 boxes.area, boxes.overlaps, boxes.decode, boxes.suppress, boxes.detect)


def _setting(value: object) -> str:
    return number(value) if isinstance(value, float) else json.dumps(value) if isinstance(value, str) else repr(value)


@words_for("LSTM", "RNN")
def _recurrent(layer, me, bottoms):
    inputs, static = layer.input_weight.shape[1], layer.static_weight
    names = [*(["static"] if static is not None else []), *(layer.states if layer.exposed else [])]
    more = "".join(f", {name}={x}" for name, x in zip(names, bottoms[2:]))
    kind = pieces.CaffeLSTM if layer.type_name == "LSTM" else pieces.CaffeRNN
    made = arguments(inputs, layer.size, static=(0 if static is None else static.shape[1], 0))
    state = {name: layer.blob(name) for name in layer.blob_names}
    call = f"{me}({bottoms[0]}, {bottoms[1]}{more})"
    return Wording(call, {"": f"{kind.__name__}({made})"}, {"": state}, (kind,))
