"""Judge the fields of layers that the schema does not have: errors in layers that are built, warnings in others."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import Problems
from netdef.layers.core.registry import registered
from netdef.schema.unknown_fields import UnknownFields, Unread

_OF_TRAINING = re.compile("sparse_mode|sparsity|prun|weight_connect")
"""Names of fields that say how weights are learned, and nothing about what a net computes."""


def unread_problems(net: NetDefinition, *, need_data: bool = True) -> Problems:
    """The complaints about unknown fields in the layers of a filtered net; lenient, there are none.

    Those that only steer training are one warning in a TEST net, and those of data layers where data are not needed,
    because the net is only looked at. A message of an unknown layer type is that type's: the complaint is about the type.
    """
    problems = Problems()
    unknown = UnknownFields(problems, net.lenient)
    training: list[Unread] = []
    for layer in net.layers:
        kind = registered(layer.type)
        if kind is not None and kind.makes_data and not need_data:
            warn_unread([layer], "steer data")
            continue
        for unread in layer.where.unread:
            if net.phase == "TEST" and of_training(unread):
                training.append(unread)
            elif kind is not None or not _is_message(unread, layer):
                unknown.add(unread)
    unknown.report()
    _warn(training, "steer training, and the net is for TEST")
    return problems


def warn_unread(layers: Iterable[LayerDefinition], why: str) -> None:
    """One warning about the unknown fields of layers that are not built; ``why`` follows "fields that"."""
    _warn((unread for layer in layers for unread in layer.where.unread), why)


def of_training(unread: Unread) -> bool:
    """Whether a field says only how weights are learned."""
    return unread.owner == "ParamSpec" or bool(_OF_TRAINING.search(unread.name))


def _is_message(unread: Unread, layer: LayerDefinition) -> bool:
    """Whether a field is the message of a layer's type."""
    return unread.block is not None and unread.name.endswith("_param") and layer.type != ""


def _warn(found: Iterable[Unread], why: str) -> None:
    unread = list(found)
    if unread:
        names = ", ".join(dict.fromkeys(f"`{field.name}`" for field in unread))
        warnings.warn(f"{unread[0].span}: {names}: ignored, unknown fields that {why}", stacklevel=3)
