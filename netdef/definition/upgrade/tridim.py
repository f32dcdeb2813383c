"""Write TridimData, TridimConvolution and TridimPooling, of 3Dstn (xyyu-callen), as VideoData, Convolution and Pooling."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import Problems, SpecError
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where

_NEW = {  # type -> the usual one, the message of this, and that of the usual one
    "TridimData": ("VideoData", "tridim_data_param", "video_data_param"),
    "TridimConvolution": ("Convolution", "tridim_convolution_param", "convolution_param"),
    "TridimPooling": ("Pooling", "tridim_pooling_param", "pooling_param"),
}
_EACH_AXIS = {"kernel_size": "kernel_sizes", "stride": "strides", "pad": "pads"}  # of PoolingParameter


def upgrade_tridim(net: NetDefinition) -> NetDefinition:
    """The net with a usual layer for each of these, whose sizes are those of all three axes.

    Raises `SpecError` with a place for a size that is missing, or that stands for one axis alone: the fork reads none of these.
    """
    if not any(layer.type in _NEW for layer in net.layers):
        return net
    problems, layers = Problems(), []
    for layer in net.layers:
        try:
            layers.append(_usual(layer) if layer.type in _NEW else (layer.message, layer.where))
        except SpecError as error:
            problems.extend(error.problems)
    problems.raise_any()
    return net.with_layers(layers)


def _usual(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    kind, old, new = _NEW[layer.type]
    message, source = deepcopy(layer.message), getattr(layer.message, old)
    message.type = kind
    message.ClearField(old)
    target = getattr(message, new)
    target.CopyFrom(source)
    if kind != "VideoData":
        _check_sizes(layer, old)
    if kind == "Pooling":
        if source.pad and source.pool == source.MAX:
            raise layer.refuse("pads what it takes the maximum of, which the fork refuses", old, "pad")
        for field, each in _EACH_AXIS.items():
            target.ClearField(field)
            getattr(target, each).extend([getattr(source, field)] * 3)
    return message, layer.where.replace(**{old: [], new: layer.where.fields.get(old, [])})


def _check_sizes(layer: LayerDefinition, param: str) -> None:
    message = getattr(layer.message, param)
    for field in ("kernel_h", "kernel_w", "stride_h", "stride_w", "pad_h", "pad_w"):
        if message.HasField(field):
            raise layer.refuse(f"gives `{field}`, which the fork does not read; sizes are those of all three axes", param, field)
    if not message.kernel_size:
        raise layer.refuse("needs a `kernel_size`", param)
