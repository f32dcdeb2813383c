"""Say in the text what forks of SSD have in their source: the boxes of PriorBox in dreadlord1984's and FaceBoxes'."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter, PriorBoxParameter

_OF_FACEBOXES = 21


def upgrade_prior_boxes(net: NetDefinition) -> NetDefinition:
    """The net with PriorBox layers that give as many boxes as the net predicts, if a fork gave them so; a warning says which.

    The boxes are known by the ``num_output`` of the convolutions that read a PriorBox layer's map: one has 4 for each of the
    fork's boxes, and none 4 for each of the usual ones. dreadlord1984's fork, built with NO_SQRT, has no boxes between two
    sizes: ``max_size`` is left out if that holds for all layers with one. FaceBoxes' own fork has 21 where there are three sizes.
    """
    priors = [layer for layer in net.layers if layer.type == "PriorBox"]
    between = [layer for layer in priors if layer.message.prior_box_param.max_size]
    if between and all(_predicts(net, layer, *_without_and_with(layer)) for layer in between):
        warn_at(between[0].span("prior_box_param", "max_size", 0),
                "`max_size` is left out, as in a fork built with NO_SQRT (dreadlord1984's): the net has no scores for boxes of "
                "side sqrt(min_size * max_size)")
        return net.with_changed(between, _leave_out)
    dense = [layer for layer in priors if len(layer.message.prior_box_param.min_size) == 3]
    if any(_predicts(net, layer, _OF_FACEBOXES, _without_and_with(layer)[1]) for layer in dense):
        warn_at(dense[0].span("prior_box_param"),
                f"`faceboxes` is set, as in FaceBoxes' fork (sfzhang15): the net predicts {_OF_FACEBOXES} boxes for three sizes")
        return net.with_changed(priors, _mark)
    return net


def _predicts(net: NetDefinition, prior: LayerDefinition, boxes: int, not_boxes: int) -> bool:
    """Whether a convolution of a PriorBox layer's map predicts ``boxes``, and none ``not_boxes``."""
    outputs = {layer.message.convolution_param.num_output for layer in net.layers
               if layer.type == "Convolution" and layer.bottoms[:1] == prior.bottoms[:1]}
    return 4 * boxes in outputs and 4 * not_boxes not in outputs


def _without_and_with(prior: LayerDefinition) -> tuple[int, int]:
    """The number of boxes without those between two sizes, and with them."""
    param = prior.message.prior_box_param
    boxes = len(aspect_ratios(param)) * len(param.min_size)
    return boxes, boxes + len(param.max_size)


def aspect_ratios(param: PriorBoxParameter) -> list[float]:
    """The different aspect ratios, 1 first."""
    ratios = [1.0]
    for ratio in param.aspect_ratio:
        if all(abs(ratio - other) >= 1e-6 for other in ratios):
            ratios += [ratio, 1 / ratio] if param.flip and ratio else [ratio]
    return ratios


def _leave_out(message: LayerParameter) -> None:
    message.prior_box_param.ClearField("max_size")


def _mark(message: LayerParameter) -> None:
    message.prior_box_param.faceboxes = True
