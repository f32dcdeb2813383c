"""Turn a training net into a deploy net: inputs in place of data layers, predictions in place of losses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import NetdefError
from netdef.graph.unread import warn_unread
from netdef.layers.core.base import LayerType
from netdef.layers.core.registry import layer_class, registered
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where


def has_data_layers(net: NetDefinition) -> bool:
    """Whether batches come from data layers, so that the net cannot be run on given inputs."""
    return any(is_feed(layer) for layer in net.layers)


def data_tops(net: NetDefinition) -> dict[str, LayerDefinition]:
    """{top: its data layer} of the tops that the deploy net of a filtered net reads."""
    return _read_tops(net, _without_training(net)) if has_data_layers(net) else {}


def _read_tops(net: NetDefinition, kept: Iterable[tuple[LayerParameter, Where]]) -> dict[str, LayerDefinition]:
    read = {bottom for layer, _ in kept for bottom in layer.bottom}
    return {top: layer for layer in net.layers if is_feed(layer) for top in layer.tops if top in read}


def deployed(net: NetDefinition, shapes: Mapping[str, Shape]) -> NetDefinition:
    """The filtered net with Input layers in place of its data layers, and without layers that need labels.

    A softmax or sigmoid loss becomes the Softmax or Sigmoid within it, called ``prob``; other losses, Accuracy and
    layers that write files are removed. A layer of an unknown type or of Python code is a loss if it has a ``loss_weight``.
    Labels are the further tops of data layers, and the first where only losses and scores depend on it; layers that only
    prepare them are removed, too. ``shapes`` are those of the data layers' tops; raises `NetdefError` for one that is missing.
    A net without data layers only loses those that write files.
    """
    if not has_data_layers(net):
        kept = [(layer.message, layer.where) for layer in net.layers if not _writes_files(layer)]
        return net.with_layers(kept) if len(kept) < len(net.layers) else net
    kept = _without_training(net)
    inputs: list[tuple[LayerParameter, Where]] = []
    for top, layer in _read_tops(net, kept).items():
        if top not in shapes:
            raise NetdefError(f"layer `{layer.name}` ({layer.type}) is a data layer: give the shape of `{top}`")
        message = LayerParameter(name=top, type="Input", top=[top], input_param={"shape": [{"dim": shapes[top]}]})
        inputs.append((message, Where(layer.where.span, layer.where.name)))
    built = {id(where) for _, where in kept}
    warn_unread((layer for layer in net.layers if id(layer.where) not in built), "a deploy net has no such layer")
    return net.with_layers([*inputs, *kept])


def left_out(net: NetDefinition) -> set[str]:
    """The names of the layers of a filtered net that `deployed` leaves out or replaces."""
    return {layer.name for layer in net.layers} - {layer.name for layer, _ in _without_training(net)}


def _without_training(net: NetDefinition) -> list[tuple[LayerParameter, Where]]:
    """The layers without data layers, losses, scores, writers of files and layers of labels; predictions in place of losses."""
    dropped = _for_training_only(net)
    unmade = {top for i in dropped if not is_feed(net.layers[i]) for top in net.layers[i].tops}
    names = {layer.name for layer in net.layers} | {top for layer in net.layers for top in layer.tops}
    classes = map(_class_of, net.layers)
    answers = {i: kind.answer_type for i, kind in enumerate(classes) if kind is not None and kind.answer_type}
    kept = []
    for i, layer in enumerate(net.layers):
        if i in answers:
            name = "prob" if len(answers) == 1 and "prob" not in names else f"{layer.name}_prob"
            answer = LayerParameter(name=name, type=answers[i], bottom=layer.bottoms[:1], top=[name])
            if layer.message.HasField("softmax_param"):
                answer.softmax_param.CopyFrom(layer.message.softmax_param)
            kept.append((answer, replace(layer.where, unread=())))
        elif i in dropped:
            continue
        elif unmade.intersection(layer.bottoms):
            unmade.update(layer.tops)
        else:
            kept.append((layer.message, layer.where))
    return kept


def _for_training_only(net: NetDefinition) -> set[int]:
    """The indices of data layers, losses, scores, writers of files, and of layers of labels that only these read."""
    found = {i for i, layer in enumerate(net.layers) if is_feed(layer) or _is_training(layer) or _writes_files(layer)}
    of_labels = _of_labels(net)
    for i in reversed(range(len(net.layers))):
        readers = {j for j, reader in enumerate(net.layers) if set(net.layers[i].tops) & set(reader.bottoms) and j > i}
        ends = not net.layers[i].tops or _class_of(net.layers[i]) is None
        if i in of_labels and readers <= found and (readers or ends):
            found.add(i)
    return found


def _of_labels(net: NetDefinition) -> set[int]:
    """The indices of layers whose bottoms all are labels, or made of them alone."""
    labels, found = _labels(net), set()
    for i, layer in enumerate(net.layers):
        if layer.bottoms and labels.issuperset(layer.bottoms):
            found.add(i)
            labels.update(layer.tops)
    return found


def _labels(net: NetDefinition) -> set[str]:
    """The tops of data layers that are labels: all but the first, and the first where others but not it lead to an answer.

    A blob leads to an answer unless only losses and scores depend on it, of which none has it, or what is made of it, as its
    first bottom.
    """
    labels: set[str] = set()
    compared: dict[str, bool] = {}  # of blobs that later layers read: whether they lead to no answer
    for layer in reversed(net.layers):
        tops = [compared.pop(top, False) for top in layer.tops]
        if is_feed(layer):
            first_is_label = tops[:1] == [True] and not all(tops)
            labels.update(top for i, top in enumerate(layer.tops) if (tops[i] if first_is_label else i > 0))
        for i, bottom in enumerate(layer.bottoms):
            compared[bottom] = compared.get(bottom, True) and (i > 0 if _is_training(layer) else all(tops))
    return labels


def is_feed(layer: LayerDefinition) -> bool:
    """Whether a layer makes data: a data layer, an input without a shape, or what has no bottoms and a class not known here."""
    if layer.type == "Input":
        return not layer.message.input_param.shape
    kind = _class_of(layer)
    return not layer.bottoms if kind is None else kind.makes_data


def _is_training(layer: LayerDefinition) -> bool:
    kind = _class_of(layer)
    if (kind is None or layer.type == "Python") and any(layer.message.loss_weight):
        return True
    return kind is not None and (kind.is_score or kind.is_loss)


def _writes_files(layer: LayerDefinition) -> bool:
    kind = _class_of(layer)
    return kind is not None and kind.writes_files


def _class_of(layer: LayerDefinition) -> type[LayerType] | None:
    """The class of a layer; None for an unknown type, or for code that may not run, both errors when the net is built."""
    try:
        return layer_class(layer) if registered(layer.type) else None
    except NetdefError:
        return None
