"""Words for layers that work element by element."""

from __future__ import annotations

from netdef.convert.torch_source.code import arguments, number, plain, single, words_for


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
