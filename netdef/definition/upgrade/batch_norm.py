"""Upgrade the `param` of old BatchNorm layers, and a field of intel's fork for all of them."""

from __future__ import annotations

from copy import deepcopy

from netdef.schema.messages import LayerParameter, NetParameter, ParamSpec
from netdef.schema.where import Where


def upgrade_batch_norm(net: NetParameter, where: Where) -> tuple[NetParameter, Where]:
    """The net with the `param` of its BatchNorm layers in the order of their blobs, and no rates for statistics.

    Three `param` get multipliers of 0, as in Caffe: statistics are not learned, whatever old nets state. Four of a layer
    with a scale and a bias are those of NVCaffe 0.15 and caffe-jacinto: scale, bias, mean, variance.
    """
    old = [i for i, layer in enumerate(net.layer)
           if layer.type == "BatchNorm" and (len(layer.param) == 3 or _begins_with_scale(layer))]
    if not old:
        return net, where
    upgraded = deepcopy(net)
    places = [where.child("layer", i) for i in range(len(net.layer))]
    for i in old:
        params = upgraded.layer[i].param
        if len(params) == 3:
            for param in params:
                param.lr_mult = 0
                param.decay_mult = 0
        else:
            learned, given = list(params[:2]), list(places[i].fields.get("param", ()))
            del params[:]
            params.extend([*(ParamSpec(lr_mult=0, decay_mult=0) for _ in range(3)), *learned])
            if len(given) == 4:
                places[i] = places[i].replace(param=[given[2], given[3], given[3], *given[:2]])
    return upgraded, where.replace(layer=places)


def share_batch_size(net: NetParameter, where: Where) -> tuple[NetParameter, Where]:
    """The net with its ``bn_stats_batch_size``, of intel's fork, in each of its BatchNorm layers."""
    if not net.HasField("bn_stats_batch_size"):
        return net, where
    upgraded = deepcopy(net)
    upgraded.ClearField("bn_stats_batch_size")
    for layer in upgraded.layer:
        if layer.type == "BatchNorm":
            layer.batch_norm_param.stats_batch_size = net.bn_stats_batch_size
    return upgraded, where.replace(bn_stats_batch_size=[])


def _begins_with_scale(layer: LayerParameter) -> bool:
    """Whether the first two of four `param` are those of the scale and the bias: the others say not to learn."""
    param = layer.batch_norm_param
    affine = param.scale_bias or param.HasField("scale_filler") or param.HasField("bias_filler")
    rates = [param.lr_mult for param in layer.param]
    return affine and len(rates) == 4 and any(rates[:2]) and not any(rates[2:])
