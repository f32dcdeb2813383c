"""The boxes, arrows and phases of a drawing of a net. `dot` and `mermaid` write it."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dsd.drawing.layer_text import layer_facts
from dsd.engine.phase import Scope
from dsd.masks.policies.fixed import Fixed
from dsd.plan.masks import usual_layers
from dsd.plan.phases import DsdPhase
from netdef.definition.definitions import NetDefinition
from netdef.graph.graph import Graph, Node, Value
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import registered
from netdef.layers.core.shapes import Shape

# Fill and line of each family. Fills are light, so that the ink is readable on any screen and in grey print.
COLOURS = {
    "data": ("#d6e8f7", "#2f6ea3"), "weights": ("#ffe1b0", "#a86400"), "windows": ("#d3efdf", "#2c7a55"),
    "norm": ("#e9def5", "#7350a0"), "pointwise": ("#f6f1bf", "#857a14"), "join": ("#e4e7ea", "#59626b"),
    "score": ("#cdeef2", "#1f7480"), "loss": ("#fad5d3", "#b3372f"), "mask": ("#ffffff", "#1b1f23"),
    "attached": ("#ffffff", "#59626b"), "other": ("#f4f4f2", "#59626b"), "output": ("#ffffff", "#ffffff"),
}  # fmt: skip
INK = "#1b1f23"
_WIDTH = 40  # characters of a line of facts


@dataclass
class Box:
    """A layer or, without a type, a blob that leaves the net. ``family`` is a key of `COLOURS`.

    ``facts`` are lines of numbers, ``folded`` the layers that work in place on its top.
    """

    family: str
    name: str
    type: str = ""
    facts: list[str] = field(default_factory=list)
    folded: list[Box] = field(default_factory=list)


class Arrow(NamedTuple):
    """An arrow between boxes, given by their indices; ``mask`` if it carries a mask."""

    tail: int
    head: int
    label: str
    mask: bool


class Drawing(NamedTuple):
    """A drawing. ``phases`` are rows of (name, iterations, rate, sparsity)."""

    title: str
    boxes: list[Box]
    arrows: list[Arrow]
    phases: list[tuple[str, str, str, str]]


def draw(
    graph: Graph, title: str, shapes: Mapping[Value, Shape], plain: NetDefinition, phases: Sequence[DsdPhase] = ()
) -> Drawing:
    """Draw a graph.

    A layer in place is folded into the box whose only top it changes, if no other layer reads that. Arrows show the shape
    of their blob, if ``shapes`` has it, and its name where that is not the layer's. ``plain`` is the net as the text
    has it: Mask layers that it lacks are shown as attached.
    """
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    home: list[int] = []  # the box of each node
    written, usual = {layer.name for layer in plain.layers}, usual_layers(plain)

    def arrow(value: Value, head: int, mask: bool = False) -> None:
        tail = home[value.producer]
        name = value.blob if value.blob != boxes[tail].name and boxes[head].type else ""
        arrows.append(Arrow(tail, head, f"{name} {shape_text(shapes.get(value))}".strip(), mask))

    for node in graph.nodes:
        ours = node.spec.name not in written
        family, type = ("attached", "Mask, attached in training") if ours else (_family(node), node.spec.type)
        box = Box(family, node.spec.name, type, _wrapped(layer_facts(node.spec.message)))
        if node.spec.type == "Mask":
            box.facts += _pruned(graph, node, phases, usual)
        if _folds(graph, node):
            home.append(home[node.bottoms[0].producer])
            boxes[home[-1]].folded.append(box)
            continue
        home.append(len(boxes))
        boxes.append(box)
        for value in (*node.bottoms, *node.masks):
            arrow(value, home[-1], value in node.masks)
    for value in graph.outputs:
        if value not in graph.readers:
            boxes.append(Box("output", value.blob))
            arrow(value, len(boxes) - 1)
    return Drawing(title, boxes, arrows, [_row(phase) for phase in phases])


def shape_text(shape: Shape | None) -> str:
    """``50×1×8×8``; empty for an unknown shape."""
    return "" if shape is None else "×".join(map(str, shape)) or "scalar"


def _wrapped(facts: list[str]) -> list[str]:
    """Wrap facts to lines, breaking between facts only."""
    joined = ", ".join(fact.replace(" ", "\xa0") for fact in facts)
    return [line.replace("\xa0", " ") for line in textwrap.wrap(joined, _WIDTH, break_long_words=False)]


def _folds(graph: Graph, node: Node) -> bool:
    if node.masks or not len(node.bottoms) == len(node.tops) == 1:
        return False
    bottom = node.bottoms[0]
    alone = len(graph.readers[bottom]) == len(graph.nodes[bottom.producer].tops) == 1
    return alone and node.tops[0].blob == bottom.blob


def _family(node: Node) -> str:
    cls = registered(node.spec.type)
    if cls is not None and cls.family == "mask":
        return "mask"
    if not node.bottoms:
        return "data"
    if any(node.loss_weights):
        return "loss"
    if cls is None or not issubclass(cls, Layer):
        return "other"
    return cls.family or ("loss" if cls.is_loss else "weights" if cls.maskable else "other")


def _pruned(graph: Graph, mask: Node, phases: Sequence[DsdPhase], usual: Collection[str]) -> Iterator[str]:
    """A line for each sparse phase: what it prunes under a Mask."""
    param = mask.spec.message.mask_param
    own = param.sparsity if param.HasField("sparsity") else None
    for index in graph.readers.get(mask.tops[0], ())[:1]:
        layer = graph.nodes[index].key
        for phase in (phase for phase in phases if phase.sparse):
            sparsity = phase.sparsity_of(layer, own, layer in usual)
            by_size = phase.ranks_together(layer, own) or phase.policy.remembers_threshold
            share = "pruned by size" if by_size else f"sparsity {sparsity or 0:g}"
            yield f"{phase.name}: {'all kept' if sparsity is None else share}"


def _row(phase: DsdPhase) -> tuple[str, str, str, str]:
    parts = [] if phase.sparsity is None else [f"{phase.sparsity:g}"]
    parts += [f"{name} {sparsity:g}" for name, sparsity in phase.layers] + [f"{name} 0" for name in phase.exclude]
    parts += [phase.policy.name] * (not isinstance(phase.policy, Fixed)) + ["scope GLOBAL"] * (phase.scope is Scope.GLOBAL)
    return phase.name, f"{phase.length:,}", phase.rate_text, ", ".join(parts) if phase.sparse else ""
