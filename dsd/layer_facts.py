"""What the text says about a layer, as short pieces for a drawing: ``num_output 20``, ``kernel 5``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netdef.schema.messages import BlobShape, LayerParameter

# Told even where they are the default, of layers that are little without them.
_NEEDED = {"Pooling": ("pooling_param", "pool"), "Eltwise": ("eltwise_param", "operation"),
           "Dropout": ("dropout_param", "dropout_ratio"), "LRN": ("lrn_param", "local_size")}
_UNTOLD = {"engine", "backend", "prefetch", "force_nd_im2col", "bits"}  # how it is computed or stored, not what
_DEFAULTS = {"stride": [1], "pad": [0], "dilation": [1]}  # what these mean where the text has none of them
_FIRST = ("num_output", "pool", "kernel_size", "kernel_h", "kernel_w", "stride", "stride_h", "stride_w",
          "pad", "pad_h", "pad_w", "group")
_SHORT = {"kernel_size": "kernel", "dropout_ratio": "ratio"}
_LONGEST = 30  # characters of a value


def layer_facts(message: LayerParameter, lr_mults: bool = False) -> list[str]:
    """Every scalar that a layer's messages set to another value than its default, in Caffe's words, then loss weights
    and the names of shared blobs; with ``lr_mults`` the multipliers of the learning rate, as far as the text gives them.
    """
    params = {field.name: value for field, value in message.ListFields() if field.name.endswith("_param")}
    param, needed = _NEEDED.get(message.type, ("", ""))
    if param:
        params.setdefault(param, getattr(message, param))
    source_first = sorted(params, key="transform_param".__eq__)
    facts = [fact for name in source_first for fact in _facts(params[name], needed)]
    facts += [f"loss_weight {weight:g}" for weight in message.loss_weight if weight != 1]
    facts += [f"param {param.name}" for param in message.param if param.name]
    if lr_mults and message.param:
        facts.append(f"lr_mult {' '.join(f'{param.lr_mult:g}' for param in message.param)}")
    return facts


def _facts(param: Message, needed: str) -> Iterator[str]:
    fields = param.DESCRIPTOR.fields_by_name
    for name in sorted(fields, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)):
        field, value, (stem, _, side) = fields[name], getattr(param, name), name.rpartition("_")
        if name == "shape" and isinstance(value, BlobShape) and value.dim:
            yield f"shape {'×'.join(map(str, value.dim))}"
        if field.message_type or name in _UNTOLD:
            continue
        if side in ("h", "w") and f"{stem}_h" in fields:
            if side == "h" and (param.HasField(name) or param.HasField(f"{stem}_w")):
                yield f"{stem} {value}×{getattr(param, f'{stem}_w')}"
        elif name == needed or value not in (field.default_value, _DEFAULTS.get(name)):
            if isinstance(value, bool):
                yield name if value else f"no {name}"
                continue
            values = [value] if isinstance(value, (str, int, float)) else value
            text = " ".join(_text(field, value) for value in values)
            yield f"{_SHORT.get(name, name)} {text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'}"


def _text(field: FieldDescriptor, value: object) -> str:
    if field.enum_type:
        return field.enum_type.values_by_number[value].name
    if isinstance(value, float):
        return f"{value:g}"
    return PurePath(value).name if isinstance(value, str) and field.name in ("source", "mean_file") else str(value)
