"""Report the fields of layers that the schema does not have: errors in layers that are built, warnings in others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import Problems, warn_at
from netdef.layers.core.registry import own_fields, registered
from netdef.schema.descriptors import descriptor_of
from netdef.schema.lower import lower
from netdef.schema.unknown_fields import UnknownFields, Unread
from netdef.source import Source, Span
from netdef.text.tree import Block

_OF_TRAINING = re.compile("sparse_mode|sparsity|prun|weight_connect|label_smoothing|update_global_stats")
"""Names of fields that concern how weights are learned, not what a net computes."""


def unread_problems(net: NetDefinition, *, need_data: bool = True, to_write: bool = False) -> Problems:
    """The complaints about unknown fields in the layers of a filtered net; none for a net that is read leniently.

    In a TEST net, fields that only concern training are one warning; so are they, and those of data layers, with
    ``need_data=False``, for a net that gets no data, such as one that is drawn. Fields that a layer's class was registered
    with are known. There is no complaint about the fields of a layer of unknown type: `link` complains about the type.
    ``to_write`` complains about all, for a text that cannot have them.
    """
    problems = Problems()
    unknown = UnknownFields(problems, net.lenient)
    training: list[Unread] = []
    for layer in net.layers:
        kind = registered(layer.type)
        if kind is not None and kind.makes_data and not need_data:
            warn_unread([layer], "only data depend on it")
            continue
        for unread in layer.where.unread:
            if to_write:
                unknown.add(unread)
            elif of_training(unread) and (net.phase == "TEST" or not need_data):
                training.append(unread)
            elif not _is_own(unread, layer):
                unknown.add(unread)
    unknown.report()
    _warn(training, f"only training depends on it, and the net {'is for TEST' if net.phase == 'TEST' else 'gets no data'}")
    return problems


def with_own_fields(layer: LayerDefinition, problems: Problems) -> LayerDefinition:
    """The layer with the fields that its class was registered with; mistakes in them are added to ``problems``."""
    message_class = own_fields(layer.type)
    if message_class is None:
        return layer
    fields = tuple(unread.field for unread in layer.where.unread if unread.field and _is_own(unread, layer))
    span = layer.span() or Span(Source("", ""), 0, 0)
    own, where = lower(Block(fields, span), message_class, problems)
    return replace(layer, own=own, where=layer.where.replace(**where.fields))


def warn_unread(layers: Iterable[LayerDefinition], why: str) -> None:
    """One warning about the unknown fields of layers that are not built; ``why`` is the reason."""
    _warn((unread for layer in layers for unread in layer.where.unread), why)


def of_training(unread: Unread) -> bool:
    """Whether a field says only how weights are learned."""
    return unread.owner == "ParamSpec" or bool(_OF_TRAINING.search(unread.name))


def _is_own(unread: Unread, layer: LayerDefinition) -> bool:
    """Whether a field of a layer is of its type: one that its class was registered with, or any if the type is unknown."""
    if layer.type and registered(layer.type) is None:
        return True
    if unread.owner not in ("LayerParameter", "V1LayerParameter") or unread.field is None:
        return False
    own = own_fields(layer.type)
    return own is not None and unread.name in descriptor_of(own).fields_by_name


def _warn(found: Iterable[Unread], why: str) -> None:
    unread = list(found)
    if unread:
        names = ", ".join(dict.fromkeys(f"`{field.name}`" for field in unread))
        fields = "field" if len(unread) == 1 else "fields"
        warn_at(unread[0].span, f"unknown {fields} {names} ignored: {why}")
