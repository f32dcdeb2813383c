"""Numbers of V1 types that forks of 2014 gave to types of their own before BVLC's Caffe gave them to its last ones."""

from __future__ import annotations

from netdef.schema.messages import V1LayerParameter

# BVLC's type -> the message that only its layers read. The other numbers that forks gave away are of types that no layer of a
# fork can be taken for, since they have other counts of bottoms and tops, or a message that must be there.
_MESSAGES = {"ARGMAX": "argmax_param", "THRESHOLD": "threshold_param", "SLICE": "slice_param", "MVN": "mvn_param",
             "ABSVAL": None, "EXP": "exp_param"}
_LAST = V1LayerParameter.DECONVOLUTION  # Larger numbers of forks' types in the schema are ours, for texts.


def may_be_a_forks(layer: V1LayerParameter) -> bool:
    """Whether a binary layer may be of a fork's type, because nothing but the number of its type says that it is BVLC's.

    In the forks of Yan (stephenyan1231), Wang (xiaolonw), C3D and others these numbers are of a leaky ReLU, a pooling, a norm,
    a SELU, a reshaping, a top-k.
    """
    kind = V1LayerParameter.LayerType.Name(layer.type)
    if layer.type > _LAST:
        return True
    if kind not in _MESSAGES or (kind == "SLICE" and len(layer.bottom) == 1 < len(layer.top)):
        return False
    message = _MESSAGES[kind]
    return message is None or not layer.HasField(message)
