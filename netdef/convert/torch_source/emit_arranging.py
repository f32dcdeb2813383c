"""Words for layers that move, gather or pick values, and for recurrent ones."""

from __future__ import annotations

import json

import torch

from netdef.convert.torch_source import runtime
from netdef.convert.torch_source.code import Wording, Wordless, arguments, number, plain, single, words_for
from netdef.layers.detection import boxes


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
    return plain(f"reorg({bottoms[0]}, {layer.stride}, {layer.reverse})", runtime.reorg)


@words_for("Reduction")
def _reduction(layer, me, bottoms):
    inside = {"ASUM": f"{bottoms[0]}.abs()", "SUMSQ": f"{bottoms[0]}.square()"}.get(layer.operation, bottoms[0])
    top = f"{inside}.{'mean' if layer.operation == 'MEAN' else 'sum'}({layer.axes})"
    return plain(top if layer.coeff == 1 else f"{number(layer.coeff)} * {top}")


@words_for("MVN")
def _mvn(layer, me, bottoms):
    eps = None if layer.eps is None else number(layer.eps)
    return plain(f"mean_variance_norm({bottoms[0]}, {layer.axes}, {eps})", runtime.mean_variance_norm)


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
    return plain(f"unpool({bottoms[0]}, {bottoms[1]}, {size})", runtime.unpool)


@words_for("SPP")
def _spp(layer, me, bottoms):
    if layer.method == "STOCHASTIC":
        raise Wordless("pools stochastically in a pyramid")
    average = layer.method == "AVE"
    return plain(f"pyramid_pool({bottoms[0]}, {layer.height}, average={average})", runtime.pyramid_pool)


@words_for("ArgMax")
def _arg_max(layer, me, bottoms):
    x, flat = bottoms[0], layer.axis is None
    found = f"greatest({x}{'.flatten(1)' if flat else ''}, {layer.top_k}, {1 if flat else layer.axis})"
    if not flat:
        return plain(f"{found}[{0 if layer.out_max_val else 1}]", runtime.greatest)
    top = f"torch.stack({found}[::-1], 1)" if layer.out_max_val else f"{found}[1].unsqueeze(1)"
    ones = f".reshape(-1, {2 if layer.out_max_val else 1}, {layer.top_k}{', 1' * (len(x.shape) - 3)})"
    return plain(top + (ones if len(x.shape) > 3 else ""), runtime.greatest)


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
    kind = runtime.CaffeLSTM if layer.type_name == "LSTM" else runtime.CaffeRNN
    made = arguments(inputs, layer.size, static=(0 if static is None else static.shape[1], 0))
    state = {name: layer.blob(name) for name in layer.blob_names}
    call = f"{me}({bottoms[0]}, {bottoms[1]}{more})"
    return Wording(call, {"": f"{kind.__name__}({made})"}, {"": state}, (kind,))
