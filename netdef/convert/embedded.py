"""Read the net stored in a `.caffemodel` beside its weights, for weights without a prototxt."""

from __future__ import annotations

import mmap
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.message import DecodeError

from netdef.convert.edits.deploy import has_data_layers, left_out
from netdef.convert.fork_fields import fork_marks, ignored_of_net, move_field, unread_fields, unread_of_net
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.read import read_net_message
from netdef.errors import FileError, NetdefError
from netdef.schema.messages import LayerParameter, NetParameter, V0LayerParameter, V1LayerParameter
from netdef.schema.utf8 import check_texts
from netdef.schema.where import Where
from netdef.weights import wire_format
from netdef.weights.formats import CAFFEMODEL, format_to_read

_Layer = LayerParameter | V1LayerParameter | V0LayerParameter
_LAYERS: dict[int, type[_Layer]] = {
    NetParameter.LAYER_FIELD_NUMBER: LayerParameter, NetParameter.LAYERS_FIELD_NUMBER: V1LayerParameter,
}


@dataclass(frozen=True)
class EmbeddedNet:
    """The net of a weight file.

    ``unread`` is {layer: fields of forks that are not understood}, ``unread_of_net`` those of the net itself.
    """

    path: str
    spec: NetDefinition
    unread: Mapping[str, Sequence[str]]
    unread_of_net: Sequence[str] = ()

    def check_read(self, spec: NetDefinition) -> None:
        """Raise `FileError` if a layer of ``spec``, the part of the net that is used, has fields that are not understood."""
        found = [(layer, self.unread[layer.name]) for layer in spec.layers
                 if self.unread.get(layer.name) and layer.type != "Input"]  # which replaces a data layer of that name
        if found or self.unread_of_net:
            lines = [f"the net has fields of a fork that are not understood: {', '.join(self.unread_of_net)}"
                     ] if self.unread_of_net else []
            lines += (f"layer `{layer.name}` ({layer.type}) has fields of a fork that are not understood: {', '.join(fields)}"
                     for layer, fields in found)
            way = "Give the prototxt of its net, too"
            if not self.unread_of_net and has_data_layers(spec) and left_out(spec) >= {layer.name for layer, _ in found}:
                way += ", or --deploy, which leaves such layers out"
            raise FileError("\n".join((*(f"{self.path}: {line}" for line in lines), way)))


def embedded_net(path: str | os.PathLike[str]) -> EmbeddedNet:
    """The net of a ``.caffemodel`` of any age, as it was before Caffe built it.

    Caffe stores the net that it ran: filtered for a phase, with a Split for every blob of several readers. The splits
    are taken out again, and so are the include and exclude rules, which have been applied. Raises `FileError` for a
    file without a net.
    """
    if format_to_read(path) is not CAFFEMODEL:
        raise FileError(f"{os.fspath(path)}: holds weights only; give the prototxt of its net, too")
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            net = NetParameter.FromString(b"".join(_net_without_blobs(data)))
            marks = fork_marks(data)
            check_texts(net)
        except (wire_format.Damaged, DecodeError, NetdefError) as error:
            raise FileError(f"{os.fspath(path)}: is no .caffemodel, or a damaged one: {error}") from error
    spec = read_net_message(net, Where(), Path(path).parent)
    if not spec.layers or not any(layer.bottoms or layer.tops for layer in spec.layers):
        raise FileError(f"{os.fspath(path)}: holds weights only; give the prototxt of its net, too")
    if ignored := ignored_of_net(net, marks):
        warnings.warn(f"{os.fspath(path)}: fields {', '.join(map(str, ignored))} of the net, of a fork, are ignored: they say "
                      "how it computes, and change no result", stacklevel=2)
    unread: dict[str, list[str]] = {}
    layers: list[LayerParameter | V1LayerParameter] = [*net.layer, *net.layers]
    for layer in layers:
        unread.setdefault(layer.name, []).extend(unread_fields(layer, marks))
    whole = spec.with_layers((layer, Where()) for layer in _without_inserted_splits(spec.layers))
    return EmbeddedNet(os.fspath(path), whole, unread, unread_of_net(net, marks))


def _without_inserted_splits(layers: Sequence[LayerDefinition]) -> Iterator[LayerParameter]:
    """The layers without the Splits that Caffe inserted, and without rules that have been applied."""
    splits = [layer for layer in layers if _is_inserted(layer)]
    sources = {top: split.bottoms[0] for split in splits for top in split.tops}
    for layer in layers:
        if layer not in splits:
            message = deepcopy(layer.message)
            message.bottom[:] = [sources.get(bottom, bottom) for bottom in layer.bottoms]
            for rules in ("include", "exclude", "phase"):
                message.ClearField(rules)
            yield message


def _is_inserted(layer: LayerDefinition) -> bool:
    """Whether Caffe inserted a Split: then its tops are named ``<name>_0``, ``<name>_1``, ..."""
    return layer.type == "Split" and list(layer.tops) == [f"{layer.name}_{i}" for i in range(len(layer.tops))]


def _net_without_blobs(data: mmap.mmap) -> Iterator[bytes]:
    """The bytes of a NetParameter, without the blobs of its layers."""
    begin = 0
    for number, wire_type, value, stop in wire_format.fields(data, 0, len(data)):
        if number in _LAYERS and wire_type == wire_format.BYTES:
            inside = b"".join(_layer_without_blobs(data, value, stop, _LAYERS[number]))
            yield wire_format.header(number, len(inside)) + inside
        else:
            yield data[begin:stop]
        begin = stop


def _layer_without_blobs(data: mmap.mmap, start: int, end: int, kind: type[_Layer]) -> Iterator[bytes]:
    """The bytes of a layer without its blobs, a fork's fields under our numbers. A V0 layer lies within a V1 layer."""
    begin = start
    kind_of_layer = _type_of(data, start, end) if kind is LayerParameter else None
    for number, wire_type, value, stop in wire_format.fields(data, start, end):
        if kind is V1LayerParameter and number == V1LayerParameter.LAYER_FIELD_NUMBER:
            inside = b"".join(_layer_without_blobs(data, value, stop, V0LayerParameter))
            yield wire_format.header(number, len(inside)) + inside
        elif number != kind.BLOBS_FIELD_NUMBER and kind_of_layer is not None:
            yield move_field(data, kind_of_layer, number, wire_type, (begin, value, stop))
        elif number != kind.BLOBS_FIELD_NUMBER:
            yield data[begin:stop]
        begin = stop


def _type_of(data: mmap.mmap, start: int, end: int) -> str:
    """The type of a layer; where it is given twice, the last, as protobuf has it."""
    types = [data[value:stop] for number, wire_type, value, stop in wire_format.fields(data, start, end)
             if number == LayerParameter.TYPE_FIELD_NUMBER and wire_type == wire_format.BYTES]
    return types[-1].decode("utf-8", "replace") if types else ""
