"""Leave out the boxes between two sizes that dreadlord1984's fork of SSD does not give where it is built with NO_SQRT."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter, PriorBoxParameter


def upgrade_prior_boxes(net: NetDefinition) -> NetDefinition:
    """The net without ``max_size`` in its PriorBox layers, if all convolutions that predict offsets are for boxes without it.

    They are known by their ``num_output``: among the convolutions that read a PriorBox layer's map, one has 4 for each of these
    boxes, and none 4 for each of the usual ones. A warning says so.
    """
    found = [layer for layer in net.layers if layer.type == "PriorBox" and layer.message.prior_box_param.max_size]
    if not found or not all(_is_without(layer, net) for layer in found):
        return net
    warn_at(found[0].span("prior_box_param", "max_size", 0),
            "`max_size` is left out, as in a fork built with NO_SQRT (dreadlord1984's): the net has no scores for boxes of side "
            "sqrt(min_size * max_size)")
    return net.with_changed(found, _leave_out)


def _is_without(prior: LayerDefinition, net: NetDefinition) -> bool:
    outputs = {layer.message.convolution_param.num_output for layer in net.layers
               if layer.type == "Convolution" and layer.bottoms[:1] == prior.bottoms[:1]}
    param = prior.message.prior_box_param
    boxes = len(aspect_ratios(param)) * len(param.min_size)
    return 4 * boxes in outputs and 4 * (boxes + len(param.max_size)) not in outputs


def aspect_ratios(param: PriorBoxParameter) -> list[float]:
    """The different aspect ratios, 1 first."""
    ratios = [1.0]
    for ratio in param.aspect_ratio:
        if all(abs(ratio - other) >= 1e-6 for other in ratios):
            ratios += [ratio, 1 / ratio] if param.flip and ratio else [ratio]
    return ratios


def _leave_out(message: LayerParameter) -> None:
    message.prior_box_param.ClearField("max_size")
