"""Double the sides of planes in Deconvolution layers of Caffe-TD (niuchuangnn), told by the net's other layers."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"CropBBox", "SelectBinary", "GenerateClsVector"}


def upgrade_deconvolution(net: NetDefinition) -> NetDefinition:
    """The net with ``output_pad: 1`` in each Deconvolution of kernel 3, stride 2 and pad 1, if it has a layer of Caffe-TD's.

    That fork makes the tops of these a row and a column larger than others do. A warning names the first.
    """
    found = [layer for layer in net.layers if layer.type == "Deconvolution" and _doubles(layer)]
    if not found or not any(layer.type in _ONLY_THERE for layer in net.layers):
        return net
    warn_at(found[0].span("type"), f"layer `{found[0].name}` (Deconvolution) doubles the sides of its bottom as in Caffe-TD, of "
            "which the net has other layers: `output_pad: 1`")
    return net.with_changed(found, _mark)


def _doubles(layer: LayerDefinition) -> bool:
    param = layer.message.convolution_param
    return (list(param.kernel_size), list(param.stride), list(param.pad), param.HasField("output_pad")) == ([3], [2], [1], False)


def _mark(message: LayerParameter) -> None:
    message.convolution_param.output_pad = 1
