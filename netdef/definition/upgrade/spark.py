"""Read the MemoryData layers of CaffeOnSpark (yahoo) whose records are in an LMDB."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import DataParameter, LayerParameter
from netdef.schema.where import Where

_LMDB = "com.yahoo.ml.caffe.LMDB"
_LOCAL = "file:"


def upgrade_spark(net: NetDefinition) -> NetDefinition:
    """The net with a Data layer for each MemoryData that names CaffeOnSpark's class for an LMDB; one warning for all."""
    found = [layer for layer in net.layers if layer.type == "MemoryData" and layer.message.source_class == _LMDB]
    if not found:
        return net
    warn_at(found[0].span("source_class"), f"MemoryData of {_LMDB} is read as Data: its `source` is an LMDB")
    return net.with_layers([_data(layer) if layer in found else (layer.message, layer.where) for layer in net.layers])


def _data(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    message, param = LayerParameter(), layer.message.memory_data_param
    message.CopyFrom(layer.message)
    for field in ("source_class", "memory_data_param"):
        message.ClearField(field)
    message.type = "Data"
    source = param.source.removeprefix(_LOCAL)
    message.data_param.CopyFrom(DataParameter(source=source, batch_size=param.batch_size, backend=DataParameter.LMDB))
    inside = layer.where.child("memory_data_param")
    places = {name: [inside.child(name)] for name in ("source", "batch_size") if inside.has(name)}
    data = Where(inside.span, inside.name, places)
    return message, layer.where.replace(source_class=[], memory_data_param=[], data_param=[data])
