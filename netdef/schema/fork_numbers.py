"""The numbers in binary files of forks' layer fields that have an equivalent in `netdef.proto`.

A number alone does not identify a field, because forks chose the same ones; number and layer type together do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from struct import unpack
from typing import NamedTuple

from google.protobuf.message import Message

from netdef.schema.descriptors import descriptor_of
from netdef.schema.fork_rows import ROWS
from netdef.schema.messages import (
    BatchNormParameter,
    DataParameter,
    DetectionOutputParameter,
    LayerParameter,
    PoolingParameter,
    PriorBoxParameter,
    RecurrentParameter,
)


class ForkField(NamedTuple):
    """A fork's field of a layer. ``field`` is the number of ours; None for one without effect on what a net computes.

    ``numbers`` are ours by the fork's number and wire type (None: any), for the fields of its message; None if they
    are the same. ``ignored`` are those of its fields without effect. ``before`` is the bytes of the fields whose defaults
    differ.
    """

    field: int | None
    numbers: Mapping[tuple[int, int | None], int] | None = None
    ignored: frozenset[int] = frozenset()
    before: bytes = b""


INTEL, NVIDIA = "intel/caffe", "NVIDIA/caffe"
_VARINT, _BYTES, _FIXED32 = 0, 2, 5  # types of protobuf's wire format

_FIELDS = {
    (kind, number): ForkField(descriptor_of(LayerParameter).fields_by_name[ours].number)
    for kinds, ours, numbers in ROWS
    for kind in kinds.split()
    for number in numbers
}


def _differs(
    kind: str, *forks: int, numbers: Mapping[int, int] | None = None, ignored: Iterable[int] = (), before: bytes = b""
) -> None:
    """Describe how the messages at these numbers differ from ours."""
    by_wire_type: dict[tuple[int, int | None], int] | None = None
    if numbers is not None:
        by_wire_type = {(theirs, None): ours for theirs, ours in numbers.items()}
    for fork in forks:
        _FIELDS[kind, fork] = ForkField(_FIELDS[kind, fork].field, by_wire_type, frozenset(ignored), before)


def _adds(kind: str, *forks: int, numbers: Mapping[tuple[int, int | None], int], of: type[Message],
          ignored: Iterable[int] = ()) -> None:
    """Describe messages at these numbers that are ours, ``of`` this class, with further fields."""
    same: dict[tuple[int, int | None], int] = {(field.number, None): field.number for field in descriptor_of(of).fields}
    for fork in forks:
        _FIELDS[kind, fork] = ForkField(_FIELDS[kind, fork].field, {**same, **numbers}, frozenset(ignored))


_differs("BN", 45, numbers={1: 10, 2: 11, 3: 12})  # SegNet's scale_filler, shift_filler, bn_mode
# yjxiong's; 6 is its engine.
_differs("BN", 137, 151, 152, 153, 156, 200, 204, 218, numbers={1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, ignored=[6])
_differs("CTCLoss", 148, 159, numbers={n: n + 10 for n in range(1, 6)})
_NOT_KEPT = (5, 10, 11, 12)  # what DetectionOutput draws and writes to files
for _kind in ("DetectionOutput", "DetectionOutputExtended"):
    _differs(_kind, 207, 219, 238, 8266720, ignored=_NOT_KEPT)
    _differs(_kind, 141, 142, 147, 148, ignored=[5])
    _adds(_kind, 204, of=DetectionOutputParameter, ignored=_NOT_KEPT, numbers={
        (24, _FIXED32): 10003,  # RefineDet's objectness_score
        **{(n, _VARINT): n + 9996 for n in range(25, 32)},  # Synopsys' ratio_permute, ratio0 to ratio5, ...
        (32, _VARINT): 10001, (33, _VARINT): 10002})  # ... no_permute and nbottom
_differs("DetectionEvaluate", 149, 205, ignored=[5, 6])  # name_size_file, resize_param: see `forks`
_differs("DetectionLoss", 200, numbers={n: n + 10000 for n in range(1, 10)})  # yeahkun's
_differs("YoloLoss", 146, numbers={1: 10001, 2: 10002, 3: 10003, 4: 4, 5: 5, 6: 6, 7: 7, 8: 10004, 9: 10005})  # luolongqiang's
_differs("FrcnnOutput", 160, ignored=[5])  # what it writes to files
_differs("L2Norm", 1021, numbers={1: 10001})  # vzhangmeng726's
_differs("LabelSpecificRescale", 228, numbers={1: 1, 2: 2, 5: 3, 6: 4})
_differs("LpqLoss", 158, numbers={4010: 1, 4011: 2, 4012: 3, 4013: 4, 4014: 5, 4016: 6, 4017: 7})
_adds("PriorBox", 203, of=PriorBoxParameter, numbers={
    (17, _VARINT): 10008, (18, _VARINT): 10009, (19, _VARINT): 12220})  # Synopsys' tf, yx_order, keras
_differs("PriorBoxClustered", 203, numbers={**{n: n for n in range(1, 14)}, 14: 10001, 15: 10002})  # width, height
_differs("NMS", 214, numbers={1: 10001, 2: 10002, 3: 10003})
_differs("Proposal", 212, numbers={1: 1, 2: 11, 3: 12, 4: 13, 5: 14, 6: 6, 7: 15, 8: 16})  # Synopsys'
_differs("Upsample", 150, before=b"\x08\x01")  # in MobileNet-YOLO the scale is 1 by default

# When Dynamic Network Surgery changes its masks; phases of the solver say that here.
_FIELDS |= {("CConvolution", n): ForkField(None) for n in (140, 150)}
_FIELDS |= {("CInnerProduct", n): ForkField(None) for n in (141, 151)}

# NVIDIA's scale_filler, bias_filler and scale_bias, which other forks have as fields of other wire types.
_FIELDS["BatchNorm", 139] = ForkField(139, {
    **{(field.number, None): field.number for field in descriptor_of(BatchNormParameter).fields},
    (5, _BYTES): 10002, (6, _BYTES): 10003, (7, _VARINT): 10001})

# FlowNet 2's; the rest says how it reads and what it prints.
_FIELDS["CustomData", 107] = ForkField(107, {
    **{(field.number, None): field.number for field in descriptor_of(DataParameter).fields},
    **{(3001 + i, None): 10230 + i for i in range(7)}, (3008, None): 10239, (3009, None): 10240, (3011, None): 10241,
    (3012, None): 10237, (3013, None): 10238}, frozenset((3010, 4001, 7000, 7001)))

_FIELDS["ELU", 140] = ForkField(140, {(1, None): 1, (2, _FIXED32): 10001})  # NVIDIA's lambda

# BVLC's recurrent_param, with DSCLRCN's lstm_additional_forget_bias and static_input_only_start.
_FIELDS["LSTM", 146] = ForkField(146, {
    **{(field.number, None): field.number for field in descriptor_of(RecurrentParameter).fields},
    (7, _FIXED32): 10001, (8, _VARINT): 10003})

# The types that read a message of BVLC's, at numbers where forks have messages of other types.
_READERS = {
    131: "PReLU ReLU ELU", 132: "SPP", 133: "Reshape", 134: "Log", 135: "Flatten", 136: "Reduction BatchReduction",
    137: "Embed", 138: "Tile", 139: "BatchNorm BatchNormScale MVN", 140: "ELU", 141: "Bias", 142: "Scale", 143: "Input",
    144: "Crop", 145: "Parameter", 146: "LSTM RNN SimpleRNN", 147: "Swish", 148: "Clip",
}  # fmt: skip

SIZES_OF_AXES = {
    descriptor_of(PoolingParameter).fields_by_name[one].number: descriptor_of(PoolingParameter).fields_by_name[several].number
    for one, several in (("kernel_size", "kernel_sizes"), ("stride", "strides"), ("pad", "pads"))
}
"""The number of a size in a pooling_param, and of the field for one size an axis, which pull requests have at the same number."""

# Fields of a net: intel's engine and compiled state, and where its nodes are; NVIDIA's precisions and kernels; yjxiong's memory;
# jacinto's quantisation. Number and wire type tell them from fields with an effect, such as intel's bn_stats_batch_size.
_WITHOUT_EFFECT_IN_NETS = {
    (9, _BYTES), (10, _BYTES), (101, _BYTES), *((number, _VARINT) for number in (12, 13, 14, 16, 18, 19, 20, 200)),
    (15, _FIXED32), (17, _BYTES), (200, _BYTES), (201, _BYTES)}

# Fields (message and number) that mean something else in one fork than in others or in BVLC's; other marks show the fork.
_WITHOUT_EFFECT_IN_NVIDIAS = {("NetParameter", 11), ("dropout_param", 2), ("dropout_param", 3), ("convolution_param", 19),
                 ("convolution_param", 20)}
_OTHER_IN_INTELS = {("pooling_param", 13)}

# Fields of any layer: numbers that NVIDIA's fork has for precisions and debugging (145 to 150), FlowNet2's for when to reshape
# (157), jacinto's for logs (200 to 202, 8405 to 8407).
_SWITCHES = frozenset((*range(145, 151), 157, 200, 201, 202, 8405, 8406, 8407))
# Where Mask and ContinuationIndicator once were; in other layers a name in CaffeOnSpark's source_class, and the like.
_FORMER_NUMBERS = frozenset((10001, 10002))


def fork_field(kind: str, number: int) -> ForkField | None:
    """The field with ``number`` in layers of this type, if it is known."""
    return _FIELDS.get((kind, number), ForkField(None) if number in _FORMER_NUMBERS else None)


def is_foreign(kind: str, number: int) -> bool:
    """Whether ``number`` is BVLC's for a message that layers of this type do not read, so that it is a fork's."""
    return kind not in _READERS.get(number, kind).split()


def has_no_effect(message: str, number: int, wire_type: int, marks: Collection[str]) -> bool:
    """Whether an unknown field of a net or of a layer's message only chooses kernels; ``marks`` as of `mark_of`."""
    if message == "NetParameter" and (number, wire_type) in _WITHOUT_EFFECT_IN_NETS:
        return True
    return NVIDIA in marks and (message, number) in _WITHOUT_EFFECT_IN_NVIDIAS


def is_doubtful(message: str, number: int, marks: Collection[str]) -> bool:
    """Whether a field that BVLC has means something else in the fork that a net is of."""
    return INTEL in marks and (message, number) in _OTHER_IN_INTELS


def mark_of(message: str, number: int, wire_type: int, value: bytes) -> str | None:
    """The fork that writes this field into each net or layer, if that is certain: `INTEL` or `NVIDIA`."""
    if message == "NetParameter":
        return INTEL if (number, wire_type) in ((9, _BYTES), (10, _BYTES), (101, _BYTES)) else None
    if number in range(145, 149) and wire_type == _VARINT:
        return NVIDIA
    return INTEL if number in (149, 158) and value.startswith((b"MKL", b"CAFFE", b"DNNL")) else None


def is_ambiguous(message: str, number: int, wire_type: int, value: bytes) -> bool:
    """Whether this value of a field of ours may be another field's, which a fork has there: it would be an odd one of ours.

    `pooling_param` 13 is BVLC's `round_mode`, 0 by default, and the `ceil_mode` of others, which is 1 by default.
    `bn_param` 3 and 4 are a momentum and an epsilon, in other forks an epsilon and a momentum.
    """
    if (message, number, wire_type) == ("pooling_param", 13, _VARINT):
        return value == b"\0"
    if message == "bn_param" and number in (3, 4) and wire_type == _FIXED32:
        is_momentum = unpack("<f", value)[0] >= 0.1
        return is_momentum == (number == 4)
    return False


def is_switch(number: int) -> bool:
    """Whether a whole number in this field of a layer has no effect on what the layer computes."""
    return number in _SWITCHES
