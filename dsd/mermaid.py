"""A drawing as Mermaid text, which GitHub and many editors show without a program."""

from __future__ import annotations

import json
import re

from dsd.drawing import COLOURS, INK, Box, Drawing

# What stands around a label decides the shape.
_SHAPES = {"data": "[({})]", "loss": "{{{{{}}}}}", "score": "([{}])", "mask": "[/{}/]", "attached": "[/{}/]"}
_DASHED = {"attached": ",stroke-dasharray:4 3"}
# Mermaid draws no more than this unless its page is told to.
MOST_CHARACTERS, MOST_ARROWS = 50_000, 500


def mermaid_text(drawing: Drawing, rankdir: str = "TB") -> str:
    """The drawing as a flowchart. ``rankdir`` is TB, LR, BT or RL."""
    lines = [f"---\ntitle: {json.dumps(drawing.title)}\n---", f"flowchart {rankdir}"]
    for index, box in enumerate(drawing.boxes):
        lines.append(f"  n{index}{_SHAPES.get(box.family, '[{}]').format(_label(_lines(box)))}:::{box.family}")
    for tail, head, label, mask in drawing.arrows:
        middle = f"|{_label([label])}|" if label else ""
        lines.append(f"  n{tail} {'-.->' if mask else '-->'}{middle} n{head}")
    if drawing.phases:
        told = [f"{name}: {length} iterations, rate {rate}{sparsity and f', sparsity {sparsity}'}"
                for name, length, rate, sparsity in drawing.phases]
        lines.append(f"  phases[{_label(told)}]:::other")
    for family in dict.fromkeys(box.family for box in drawing.boxes) | dict.fromkeys(["other"] * bool(drawing.phases)):
        fill, line = COLOURS[family]
        lines.append(f"  classDef {family} fill:{fill},stroke:{line},color:{INK}{_DASHED.get(family, '')}")
    return "\n".join([*lines, ""])


def too_large(text: str, drawing: Drawing) -> bool:
    """Whether Mermaid refuses the text at its usual limits."""
    return len(text) > MOST_CHARACTERS or len(drawing.arrows) > MOST_ARROWS


def _lines(box: Box) -> list[str]:
    folded = [", ".join([f"+ {part.name} ({part.type})", *part.facts]) for part in box.folded]
    return [*filter(None, (box.name, box.type)), *box.facts, *folded]


def _label(lines: list[str]) -> str:
    return f'"{"<br/>".join(map(_escaped, lines))}"'


def _escaped(text: str) -> str:
    """Everything but letters, digits, spaces and harmless signs as a character reference, which Mermaid writes ``#35;``."""
    text = re.sub(r"[\x00-\x1f\x7f]", " ", text)
    return re.sub(r"[^\w ,.:()/×·…%-]", lambda found: f"#{ord(found[0])};", text)
