"""Say in the text what forks of SSD have in their source: the boxes of PriorBox in dreadlord1984's, FaceBoxes' and TextBoxes'."""

from __future__ import annotations

from collections.abc import Callable

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter, PriorBoxParameter

_OF_FACEBOXES = 21


def upgrade_prior_boxes(net: NetDefinition) -> NetDefinition:
    """The net with PriorBox layers that give as many boxes as the net predicts, if a fork gave them so; a warning says which.

    The boxes are known by the convolutions that read a PriorBox layer's map: their ``num_output`` fit the fork's boxes and not
    the usual ones. dreadlord1984's fork, built with NO_SQRT, has no boxes between two sizes: ``max_size`` is left out if that
    holds for all layers with one. FaceBoxes' own fork has 21 where there are three sizes. TextBoxes' has each box twice in all
    layers.
    """
    priors = [layer for layer in net.layers if layer.type == "PriorBox"]
    predicts = _Predictions(net)
    between = [layer for layer in priors if layer.message.prior_box_param.max_size]
    if between and all(predicts(layer, _without_max_size(layer)) for layer in between):
        warn_at(between[0].span("prior_box_param", "max_size", 0),
                "`max_size` is left out, as in a fork built with NO_SQRT (dreadlord1984's): the net has no scores for boxes of "
                "side sqrt(min_size * max_size)")
        return net.with_changed(between, lambda message: message.prior_box_param.ClearField("max_size"))
    dense = [layer for layer in priors if len(layer.message.prior_box_param.min_size) == 3]
    if any(predicts(layer, _OF_FACEBOXES) for layer in dense):
        warn_at(dense[0].span("prior_box_param"),
                f"`faceboxes` is set, as in FaceBoxes' fork (sfzhang15): the net predicts {_OF_FACEBOXES} boxes for three sizes")
        return net.with_changed(priors, _marked("faceboxes"))
    if priors and predicts.classes and all(predicts(layer, 2 * _usual(layer)) for layer in priors):
        warn_at(priors[0].span("prior_box_param"),
                "`denser_prior_boxes` is set, as in TextBoxes' fork (MhLiao): the net predicts two boxes of each kind a place")
        return net.with_changed(priors, _marked("denser_prior_boxes"))
    return net


class _Predictions:
    """Whether the convolutions of a PriorBox layer's map predict a number of boxes, and not the usual one."""

    def __init__(self, net: NetDefinition):
        self.convolutions = [layer for layer in net.layers if layer.type == "Convolution"]
        messages = [layer.message for layer in net.layers]
        self.classes = max((max(message.detection_output_param.num_classes, message.multibox_loss_param.num_classes)
                            for message in messages), default=0)

    def __call__(self, prior: LayerDefinition, boxes: int) -> bool:
        outputs = {layer.message.convolution_param.num_output for layer in self.convolutions
                   if layer.bottoms[:1] == prior.bottoms[:1]}
        each = {4, self.classes} - {0}
        return {n * boxes for n in each} <= outputs and not {n * _usual(prior) for n in each} <= outputs


def _without_max_size(prior: LayerDefinition) -> int:
    """The number of a PriorBox layer's boxes without those between two sizes."""
    param = prior.message.prior_box_param
    return len(aspect_ratios(param)) * len(param.min_size)


def _usual(prior: LayerDefinition) -> int:
    """The number of a PriorBox layer's boxes by its text."""
    param = prior.message.prior_box_param
    times = 2 if param.denser_prior_boxes else len(param.offset_h) or 1
    return (_without_max_size(prior) + len(param.max_size)) * times


def aspect_ratios(param: PriorBoxParameter) -> list[float]:
    """The different aspect ratios, 1 first."""
    ratios, given = [1.0], list(param.aspect_ratio)
    if param.keras and param.flip:
        given += [1 / ratio for ratio in given if ratio]
    for ratio in given:
        if all(abs(ratio - other) >= 1e-6 for other in ratios):
            ratios += [ratio, 1 / ratio] if param.flip and ratio and not param.keras else [ratio]
    return ratios


def _marked(field: str) -> Callable[[LayerParameter], None]:
    return lambda message: setattr(message.prior_box_param, field, True)
