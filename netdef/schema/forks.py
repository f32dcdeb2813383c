"""Fields and values of forks of Caffe that published nets use and the schema does not have.

Fields that are implemented are in `netdef.proto`, with the fork's name; types are in `netdef.schema.fork_types`. Others are
ignored with a warning, by `netdef.schema.ignored_fields` or by a word of their name, or are errors, by
`netdef.schema.refused_fields` and `netdef.schema.refused_data_fields`; ``lenient`` makes these warnings, too.
"""

from __future__ import annotations

from typing import NamedTuple

from netdef.schema import history
from netdef.schema.ignored_fields import IGNORED
from netdef.schema.refused_data_fields import REFUSED_DATA
from netdef.schema.refused_fields import REFUSED


class Fork(NamedTuple):
    """A fork that has a field or a value. ``reason`` says what it does there, or what to write here instead."""

    name: str
    reason: str
    ignored: bool


_TABLE = {
    field: Fork(fork, reason, ignored)
    for ignored, rows in ((True, IGNORED), (False, [*REFUSED, *REFUSED_DATA]))
    for fork, reason, fields in rows
    for field in fields.split()
} | {
    field: Fork(f"BVLC/caffe of {row.when}", row.what, row.treatment == history.IGNORED)
    for row in history.ROWS if row.treatment in (history.IGNORED, history.REFUSED)
    for field in row.fields.split()
}

# Fields that a fork has several times, of which only the first matters here.
_REPEATED = {
    "SolverParameter.device_id": Fork("yjxiong/caffe", "torchrun and `--gpu` choose the devices", True),
    "DataParameter.source": Fork("the branch `parallel` of BVLC/caffe", "its threads read copies of one database, each where "
                                 "it is stored, and take records as they come; only the first is read here", True),
}

# What no net depends on, whichever fork has it and wherever: kernels, devices, what is shown. The words of a name tell it.
_ENGINE = Fork("a fork", "it chooses among its kernels", True)
_DEVICES = Fork("a fork", "it says how its devices do the work, not what they compute", True)
_READING = Fork("a fork", "records are read ahead in the background, through the system's cache", True)
_SHOWING = Fork("a fork", "it only shows what is computed", True)
_SEED = Fork("a fork", "all that is random follows the solver's `random_seed`", True)
_QUANTIZATION = Fork("a fork", "numbers for its int8 kernels; the net computes in single precision", True)

# What changes results, whichever message has it.
_INTEGERS = Fork("Synopsys' fork", "nets of 8-bit numbers, which it rounds as TensorFlow Lite does, are not implemented; at its "
                 "default the field does nothing", False)

_ENGINE_WORDS = {"engine", "subengine", "cudnn"}
_DEVICE_WORDS = {"gpu", "gpus", "cuda", "ocl", "opencl", "xcl", "fpga"}
_INTEGER_FIELDS = {"input_scale", "output_scale", "weight_scale", "bias_scale", "saturate", "per_channel_scale_weight",
                   "per_channel_scale_output", "output_shift_instead_division"}
_SHOWING_WORDS = {"dump", "print", "show", "verbose"}


def fork_of(owner: str, name: str) -> Fork | None:
    """The fork that has the field ``owner.name`` of a message, or the value ``name`` of an enum field ``owner``."""
    known = _TABLE.get(f"{owner}.{name}") or _REPEATED.get(f"{owner}.{name}")
    if known is not None:
        return known
    words = set(name.split("_"))
    if owner == "engine" or words & _ENGINE_WORDS or "conv_algo" in name:
        return _ENGINE
    if words & _DEVICE_WORDS:
        return _DEVICES
    if words & _SHOWING_WORDS or name.startswith(("debug", "display", "visualis", "visualiz")):
        return _SHOWING
    if name.endswith("random_seed"):
        return _SEED
    if owner.endswith("DataParameter") and name.endswith(("cache", "threads")):
        return _READING
    if name in _INTEGER_FIELDS or name.endswith("_zero_point"):
        return _INTEGERS
    return _QUANTIZATION if name.startswith(("quantiz", "insert_quantiz", "net_quantiz")) else None


def needs_only_first(owner: str, name: str) -> bool:
    """Whether a fork has the field ``owner.name`` several times, and all but the first are ignored."""
    return f"{owner}.{name}" in _REPEATED
