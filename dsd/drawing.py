"""What a drawing of a net shows: a box a layer, an arrow a blob, the phases. `dsd.dot` and `dsd.mermaid` spell it."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dsd.layer_facts import layer_facts
from dsd.phases import DsdPhase
from dsd.pruning import Pruner, layer_sparsity
from dsd.summary import kept_text
from netdef.graph.graph import Graph, Node, Value
from netdef.layers.base import Shape, layer_class

# Fill and line of each family. Fills are so light that the ink reads on them on any screen and printed in grey.
COLOURS = {
    "data": ("#d6e8f7", "#2f6ea3"), "weights": ("#ffe1b0", "#a86400"), "windows": ("#d3efdf", "#2c7a55"),
    "norm": ("#e9def5", "#7350a0"), "pointwise": ("#f6f1bf", "#857a14"), "join": ("#e4e7ea", "#59626b"),
    "score": ("#cdeef2", "#1f7480"), "loss": ("#fad5d3", "#b3372f"), "mask": ("#ffffff", "#1b1f23"),
    "attached": ("#ffffff", "#59626b"), "other": ("#f4f4f2", "#59626b"), "output": ("#ffffff", "#ffffff"),
}  # fmt: skip
INK = "#1b1f23"
# Families that no attribute of a layer's class tells, by the module that holds the class.
_MODULES = {
    "windows": "pooling spp im2col crop upsample roi_pooling",
    "norm": "lrn mvn batch_norm bn normalize scale bias dropout",
    "pointwise": "activations powers",
    "join": "eltwise products concat_slice batch_selection",
    "score": "accuracy softmax detection_output",
}
_FAMILY = {f"netdef.layers.{module}": family for family, modules in _MODULES.items() for module in modules.split()}
_WIDTH = 36  # characters of a line of facts


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
    """From box to box, by their indices; ``mask`` if what flows is a mask."""

    tail: int
    head: int
    label: str
    mask: bool


class Drawing(NamedTuple):
    """``phases`` are rows of (name, iterations, rate, sparsity)."""

    title: str
    boxes: list[Box]
    arrows: list[Arrow]
    phases: list[tuple[str, str, str, str]]


def draw(
    graph: Graph, title: str, shapes: Mapping[Value, Shape], phases: Sequence[DsdPhase] = (),
    kept: Mapping[str, Sequence[str]] | None = None, attached: Collection[str] = (), lr_mults: bool = False,
) -> Drawing:
    """The drawing of a graph. A layer in place is folded into the box whose only top it changes, if nobody else reads it.

    Arrows tell the shape of their blob, if ``shapes`` has it, and its name where that is not the layer's. ``kept`` has
    lines for Mask layers, see `kept_lines`; ``attached`` names those that the text does not have. ``lr_mults`` tells the
    multipliers of the learning rate.
    """
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    home: list[int] = []  # of each node, its box

    def arrow(value: Value, head: int, mask: bool = False) -> None:
        tail = home[value.producer]
        name = value.blob if value.blob != boxes[tail].name and boxes[head].type else ""
        arrows.append(Arrow(tail, head, f"{name} {shape_text(shapes.get(value))}".strip(), mask))

    for node in graph.nodes:
        by_us = node.key in attached
        facts = [*_wrapped(layer_facts(node.spec.message, lr_mults)), *(kept or {}).get(node.key, ())]
        family, type = ("attached", "Mask, attached in training") if by_us else (_family(node), node.spec.type)
        box = Box(family, node.spec.name, type, facts)
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


def kept_lines(
    graph: Graph, phases: Sequence[DsdPhase], usual: Collection[str], pruner: Pruner | None
) -> dict[str, list[str]]:
    """{Mask layer: what it keeps at the end of each phase that prunes}; without a pruner as shares alone."""
    readers: dict[int, str] = {}
    for node in graph.nodes:
        for value in node.masks:
            readers.setdefault(value.producer, node.key)
    lines: dict[str, list[str]] = {graph.nodes[index].key: [] for index in readers}
    for phase in phases:
        counts = pruner.counts(phase, phase.end - 1) if pruner else {}
        for index, reader in readers.items():
            mask, param = graph.nodes[index].key, graph.nodes[index].spec.message.mask_param
            sparsity = layer_sparsity(phase, reader, param.sparsity if param.HasField("sparsity") else None, usual)
            if pruner and counts.get(mask) is not None:
                lines[mask].append(f"{phase.name} keeps {kept_text(counts[mask], pruner.weight(mask).numel())}")
            elif sparsity is not None:
                by_size = phase.scope == "GLOBAL" or phase.policy.name == "DYNAMIC"
                lines[mask].append(f"{phase.name} keeps {'by size' if by_size else f'{100 * (1 - sparsity):.4g}%'}")
            elif phase.sparse:
                lines[mask].append(f"{phase.name} keeps all")
    return lines


def shape_text(shape: Shape | None) -> str:
    """``50×1×8×8``; nothing for a shape that is not known."""
    return "" if shape is None else "×".join(map(str, shape)) or "scalar"


def _wrapped(facts: list[str]) -> list[str]:
    """Lines that break between facts, not within one."""
    joined = ", ".join(fact.replace(" ", "\xa0") for fact in facts)
    return [line.replace("\xa0", " ") for line in textwrap.wrap(joined, _WIDTH, break_long_words=False)]


def _folds(graph: Graph, node: Node) -> bool:
    if node.masks or not len(node.bottoms) == len(node.tops) == 1:
        return False
    bottom = node.bottoms[0]
    alone = len(graph.readers[bottom]) == len(graph.nodes[bottom.producer].tops) == 1
    return alone and node.tops[0].blob == bottom.blob


def _family(node: Node) -> str:
    if node.spec.type == "Mask":
        return "mask"
    if not node.bottoms:
        return "data"
    if any(node.loss_weights):
        return "loss"
    if node.spec.type == "Python":
        return "other"  # its class is code that may not be there
    cls = layer_class(node.spec)
    return "loss" if cls.is_loss else "weights" if cls.maskable else _FAMILY.get(cls.__module__, "other")


def _row(phase: DsdPhase) -> tuple[str, str, str, str]:
    told = [] if phase.sparsity is None else [f"{phase.sparsity:g}"]
    told += [f"{name} {sparsity:g}" for name, sparsity in phase.layers] + [f"{name} 0" for name in phase.exclude]
    told += [phase.policy.name] * (phase.policy.name != "FIXED") + ["scope GLOBAL"] * (phase.scope == "GLOBAL")
    return phase.name, f"{phase.length:,}", phase.rate_text, ", ".join(told) if phase.sparse else ""
