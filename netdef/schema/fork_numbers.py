"""The numbers in binary files of forks' layer fields that have an equivalent in `netdef.proto`.

A number alone does not tell whose field it is: two forks took the same. Number and layer type together do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from netdef.schema.descriptors import descriptor_of
from netdef.schema.messages import LayerParameter


class ForkField(NamedTuple):
    """A fork's field of a layer. ``field`` is the number of ours; None for one without effect on what a net computes.

    ``numbers`` are ours by the fork's, for the fields of its message; None if they are the same. ``ignored`` are those
    of its fields without effect. ``before`` is the bytes of the fields whose defaults differ.
    """

    field: int | None
    numbers: Mapping[int, int] | None = None
    ignored: frozenset[int] = frozenset()
    before: bytes = b""


# (layer types, our field, numbers in the forks)
_ROWS = [
    ("Mask", "mask_param", (10001,)),  # ours, in old files
    ("ContinuationIndicator", "continuation_indicator_param", (10002, 201)),
    ("AnnotatedData", "annotated_data_param", (200,)),
    ("MultiBoxLoss", "multibox_loss_param", (201,)),
    ("Permute", "permute_param", (202, 224)),
    ("PriorBox", "prior_box_param", (203,)),
    ("DetectionOutput", "detection_output_param", (204,)),
    ("DetectionEvaluate", "detection_evaluate_param", (205,)),
    ("Normalize", "norm_param", (206,)),
    ("ROIPooling", "roi_pooling_param", (8266711, 154, 150, 204)),
    ("SmoothL1Loss SmoothL1LossOHEM", "smooth_l1_loss_param", (8266712, 148, 222)),
    ("PSROIPooling", "psroi_pooling_param", (10001, 153, 220)),
    ("BoxAnnotatorOHEM", "box_annotator_ohem_param", (10000, 152)),
    ("BN", "bn_param", (45, 137, 152, 200)),
    ("Upsample", "upsample_param", (137, 147, 150, 177)),
    ("Interp", "interp_param", (143, 153, 163)),
    ("SegAccuracy", "seg_accuracy_param", (144, 154, 164)),
    ("Reorg", "reorg_param", (149, 159, 197)),
    ("YoloDetectionOutput", "yolo_detection_output_param", (601,)),
    ("Yolov3DetectionOutput", "yolov3_detection_output_param", (602,)),
    ("ReLU6", "relu_param", (211,)),
    ("ShuffleChannel", "shuffle_channel_param", (166,)),
    ("CenterLoss", "center_loss_param", (147, 211)),
    ("SeLu", "selu_param", (232,)),
    ("SeLuDropout", "selu_dropout_param", (233,)),
    ("MultiStageMeanfield", "multi_stage_meanfield_param", (146, 1000)),
    ("Lstm", "lstm_param", (140,)),
    ("Transpose", "transpose_param", (142,)),
    ("Reverse", "reverse_param", (143,)),
    ("CtcLoss", "ctc_loss_param", (200,)),
    ("LabelsequenceAccuracy", "labelsequence_accuracy_param", (203,)),
    ("LSTM RNN", "recurrent_param", (134, 151)),
    ("Embed", "embed_param", (132,)),
    ("Scale", "scale_param", (160,)),
    ("Bias", "bias_param", (161,)),
]
_FIELDS = {
    (kind, number): ForkField(descriptor_of(LayerParameter).fields_by_name[ours].number)
    for kinds, ours, numbers in _ROWS
    for kind in kinds.split()
    for number in numbers
}


def _differs(
    kind: str, *forks: int, numbers: Mapping[int, int] | None = None, ignored: Iterable[int] = (), before: bytes = b""
) -> None:
    """Describe how the messages at these numbers differ from ours."""
    for fork in forks:
        _FIELDS[kind, fork] = ForkField(_FIELDS[kind, fork].field, numbers, frozenset(ignored), before)


_differs("BN", 45, numbers={1: 10, 2: 11, 3: 12})  # SegNet's scale_filler, shift_filler, bn_mode
_differs("BN", 137, 152, 200, numbers={1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, ignored=[6])  # yjxiong's; 6 is its engine
_differs("DetectionOutput", 204, ignored=[5, 10, 11, 12])  # what it draws and writes to files
_differs("DetectionEvaluate", 205, ignored=[5, 6])  # name_size_file, resize_param: see `forks`
_differs("Upsample", 150, before=b"\x08\x01")  # in MobileNet-YOLO the scale is 1 by default

# When Dynamic Network Surgery changes its masks; phases of the solver say that here.
_FIELDS |= {("CConvolution", n): ForkField(None) for n in (140, 150)}
_FIELDS |= {("CInnerProduct", n): ForkField(None) for n in (141, 151)}

# Of any layer: numbers that NVIDIA's fork has for precisions and debugging (145 to 150), FlowNet2's for when to reshape
# (157), jacinto's for logs (200 to 202, 8405 to 8407).
_SWITCHES = frozenset((*range(145, 151), 157, 200, 201, 202, 8405, 8406, 8407))
# Where Mask and ContinuationIndicator once were; in other layers a name in CaffeOnSpark's source_class, and the like.
_OF_OTHERS = frozenset((10001, 10002))


def fork_field(kind: str, number: int) -> ForkField | None:
    """The field with ``number`` in layers of this type, if it is known."""
    return _FIELDS.get((kind, number), ForkField(None) if number in _OF_OTHERS else None)


def is_switch(number: int) -> bool:
    """Whether a whole number in this field of a layer has no effect on what the layer computes."""
    return number in _SWITCHES
