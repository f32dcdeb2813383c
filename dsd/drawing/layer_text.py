"""The facts of a layer in a drawing: ``num_output 20``, ``kernel_size 5``."""

from __future__ import annotations

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netdef.layers.core.registry import registered
from netdef.schema.messages import LayerParameter

_LONGEST = 30  # characters of a value


def layer_facts(message: LayerParameter) -> list[str]:
    """The scalars in a layer's messages, by Caffe's names, then loss weights and the names of shared blobs."""
    params = {field.name: value for field, value in message.ListFields() if field.name.endswith("_param")}
    shown = [(param, field) for param in params.values() for field, _ in param.ListFields()]
    cls = registered(message.type)
    if cls is not None and cls.always_shown:
        name, field = cls.always_shown
        param = getattr(message, name)
        if not param.HasField(field):
            shown.append((param, param.DESCRIPTOR.fields_by_name[field]))
    unwanted = (FieldDescriptor.TYPE_MESSAGE, FieldDescriptor.TYPE_BYTES)
    facts = [_fact(*pair) for pair in shown if pair[1].type not in unwanted and pair[1].name != "engine"]
    facts += [f"loss_weight {weight:g}" for weight in message.loss_weight]
    return facts + [f"param {param.name}" for param in message.param if param.name]


def _fact(param: Message, field: FieldDescriptor) -> str:
    value = getattr(param, field.name)
    values = [value] if isinstance(value, (str, int, float)) else value
    text = " ".join(_text(field, value) for value in values)
    # The end of a long text is kept: it is usually a path.
    return f"{field.name} {text if len(text) <= _LONGEST else f'…{text[-_LONGEST:]}'}"


def _text(field: FieldDescriptor, value: object) -> str:
    if field.enum_type and isinstance(value, int):
        return field.enum_type.values_by_number[value].name
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
