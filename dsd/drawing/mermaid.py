"""Write a drawing as Mermaid text, which GitHub and many editors render."""

from __future__ import annotations

import json
import re

from dsd.drawing.drawing import COLOURS, INK, Box, Drawing

# The brackets around a label decide the shape.
_SHAPES = {"data": "[({})]", "loss": "{{{{{}}}}}", "score": "([{}])", "mask": "[/{}/]", "attached": "[/{}/]"}
_DASHED = {"attached": ",stroke-dasharray:4 3"}
# Labels have their own line breaks; by default Mermaid also breaks lines at 200 pixels.
_HEAD = """---
title: {}
config:
  flowchart:
    wrappingWidth: 500
---
flowchart {}"""
# Mermaid's default limits.
MOST_CHARACTERS, MOST_ARROWS = 50_000, 500


def mermaid_text(drawing: Drawing, rankdir: str = "TB") -> str:
    """The drawing as a flowchart. ``rankdir`` is TB, LR, BT or RL."""
    # The title is YAML, where character references stay as they are.
    lines = [_HEAD.format(json.dumps(drawing.title, ensure_ascii=False), rankdir)]
    if drawing.phases:
        rows = [f"{name}: {length} iterations, rate {rate}{sparsity and f', sparsity {sparsity}'}"
                for name, length, rate, sparsity in drawing.phases]
        lines.append(f'  phases["{"<br/>".join(map(_escaped, rows))}"]:::other ~~~ n0')
    for index, box in enumerate(drawing.boxes):
        label = f'"{"<br/>".join(_lines(box))}"'
        lines.append(f"  n{index}{_SHAPES.get(box.family, '[{}]').format(label)}:::{box.family}")
    for tail, head, label, mask in drawing.arrows:
        middle = f'|"{_escaped(label)}"|' if label else ""
        lines.append(f"  n{tail} {'-.->' if mask else '-->'}{middle} n{head}")
    for family in dict.fromkeys(["other"] * bool(drawing.phases) + [box.family for box in drawing.boxes]):
        fill, line = COLOURS[family]
        lines.append(f"  classDef {family} fill:{fill},stroke:{line},color:{INK}{_DASHED.get(family, '')}")
    return "\n".join([*lines, ""])


def too_large(text: str, drawing: Drawing) -> bool:
    """Whether a drawing exceeds Mermaid's default limits."""
    return len(text) > MOST_CHARACTERS or len(drawing.arrows) > MOST_ARROWS


def _lines(box: Box) -> list[str]:
    folded = [", ".join([f"+ {part.name} ({part.type})", *part.facts]) for part in box.folded]
    name = f"<b>{_escaped(box.name)}</b>" if box.type else f"<i>{_escaped(box.name)}</i>"
    return [name, *map(_escaped, [*filter(None, [box.type]), *box.facts, *folded])]


def _escaped(text: str) -> str:
    """Escape all but letters, digits, spaces and harmless signs as Mermaid's character references (``#35;``).

    What it reads as a formula or an icon even so gets a space of no width.
    """
    text = re.sub(r"\$(?=\$)|:(?=fa-)", "\\g<0>\u200b", re.sub(r"[\x00-\x1f\x7f]", " ", text))
    return re.sub(r"[^\w ,.:()/×·…%\u200b-]", lambda found: f"#{ord(found[0])};", text)
