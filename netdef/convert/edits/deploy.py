"""A net for training as the net to use: data come from outside, answers go out instead of losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import NetdefError
from netdef.layers.core.registry import layer_class
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.schema.where import Where


def has_data_layers(net: NetDefinition) -> bool:
    """Whether batches come from data layers, so that the net cannot be used on inputs of one's own."""
    return any(_is_feed(layer) for layer in net.layers)


def deployed(net: NetDefinition, shapes: Mapping[str, Shape]) -> NetDefinition:
    """The filtered net with Input layers for its data layers, and without what needs labels.

    A softmax or sigmoid loss becomes the Softmax or Sigmoid within it, called ``prob``; other losses and Accuracy go.
    Labels are the further tops of data layers; layers that only prepare them go, too. ``shapes`` are those of the data
    layers' tops. Raises `NetdefError` for one that is missing. A net without data layers comes back as it is.
    """
    if not has_data_layers(net):
        return net
    kept, places = _without_training(net)
    read = {bottom for layer in kept for bottom in layer.bottom}
    message = NetParameter()
    message.CopyFrom(net.message)
    del message.layer[:]
    where = []
    for layer in net.layers:
        tops = [top for top in layer.tops if top in read] if _is_feed(layer) else []
        for top in tops:
            if top not in shapes:
                raise NetdefError(f"layer `{layer.name}` ({layer.type}) is a data layer: give the shape of `{top}`")
            message.layer.add(name=top, type="Input", top=[top], input_param={"shape": [{"dim": shapes[top]}]})
            where.append(Where(layer.where.span, layer.where.name))
    message.layer.extend(kept)
    return replace(net, message=message, where=net.where.replace(layer=[*where, *places]))


def _without_training(net: NetDefinition) -> tuple[list[LayerParameter], list[Where]]:
    """The layers but data layers, losses, scores and what prepares labels, with their places."""
    dead = [i for i, layer in enumerate(net.layers) if _is_feed(layer) or _is_training(layer)]
    for i in reversed(range(len(net.layers))):
        readers = {j for j, reader in enumerate(net.layers) if set(net.layers[i].tops) & set(reader.bottoms) and j > i}
        if i not in dead and readers and readers.issubset(dead) and i in _of_labels(net):
            dead.append(i)
    gone = {top for i in dead if not _is_feed(net.layers[i]) for top in net.layers[i].tops}
    names = {layer.name for layer in net.layers} | {top for layer in net.layers for top in layer.tops}
    answers = {i: kind for i, layer in enumerate(net.layers) if (kind := layer_class(layer).answer_type)}
    kept, places = [], []
    for i, layer in enumerate(net.layers):
        part = LayerParameter()
        if i in answers:
            name = "prob" if len(answers) == 1 and "prob" not in names else f"{layer.name}_prob"
            part = LayerParameter(name=name, type=answers[i], bottom=layer.bottoms[:1], top=[name])
            if layer.message.HasField("softmax_param"):
                part.softmax_param.CopyFrom(layer.message.softmax_param)
        elif i in dead or gone.intersection(layer.bottoms):
            gone.update(layer.tops if i not in dead else ())
            continue
        else:
            part.CopyFrom(layer.message)
        kept.append(part)
        places.append(layer.where)
    return kept, places


def _of_labels(net: NetDefinition) -> set[int]:
    """Layers whose bottoms all come from further tops of data layers."""
    labels = {top for layer in net.layers if _is_feed(layer) for top in layer.tops[1:]}
    found = set()
    for i, layer in enumerate(net.layers):
        if layer.bottoms and labels.issuperset(layer.bottoms):
            found.add(i)
            labels.update(layer.tops)
    return found


def _is_feed(layer: LayerDefinition) -> bool:
    return layer_class(layer).makes_data


def _is_training(layer: LayerDefinition) -> bool:
    kind = layer_class(layer)
    return kind.is_score or kind.is_loss
