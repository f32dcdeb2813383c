"""Write a drawing as graphviz text, and render it with ``dot`` as SVG, PNG or PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import escape

from dsd.drawing.drawing import COLOURS, INK, Box, Drawing
from netdef.errors import NetdefError

_PLAIN = 'style="", shape=plain'
# Shapes tell families apart without colours.
_LOOKS = {
    "data": "shape=cylinder", "loss": "peripheries=2", "score": 'style="filled,rounded"', "mask": "shape=note",
    "attached": 'shape=note, style="filled,dashed"', "output": _PLAIN,
}  # fmt: skip
_SOFT = "#59626b"
_HEAD = f"""
  graph [bgcolor="white", fontname="Helvetica", fontcolor="{INK}", fontsize=11, labelloc=t, labeljust=l];
  graph [nodesep=0.25, ranksep=0.3, pad=0.2];
  node [fontname="Helvetica", fontcolor="{INK}", fontsize=11, style=filled, shape=box, margin="0.12,0.06", height=0.3];
  edge [fontname="Helvetica", fontcolor="{_SOFT}", color="{_SOFT}", fontsize=9, arrowsize=0.6];"""


def dot_text(drawing: Drawing, rankdir: str = "TB") -> str:
    """The drawing as a ``digraph``. ``rankdir`` is TB, LR, BT or RL."""
    lines = [f"digraph net {{{_HEAD}", f"  rankdir={rankdir}; label=<{_title(drawing)}>;"]
    for index, box in enumerate(drawing.boxes):
        fill, line = COLOURS[box.family]
        look = f'fillcolor="{fill}", color="{line}", {_LOOKS.get(box.family, "shape=box")}'
        lines.append(f"  n{index} [{_PLAIN if box.folded else look}, label=<{_label(box)}>];")
    left = set()
    for tail, head, label, mask in drawing.arrows:
        # Low weights let labels and masks bend, so that the other arrows are straight.
        aside = drawing.boxes[tail].family == "data" and tail in left
        look = "style=dashed, arrowhead=empty" if mask else "weight=1" if aside else "weight=8"
        left.add(tail)
        # Spaces keep the label off the line.
        lines.append(f"  n{tail} -> n{head} [{look}, label=<{f'&#160;{_escaped(label)}&#160;' if label else ' '}>];")
    return "\n".join([*lines, "}", ""])


def picture(text: str, kind: str) -> bytes:
    """Render graphviz text as svg, png or pdf. Raises `NetdefError` if ``dot`` is not installed or fails."""
    program = shutil.which("dot")
    if program is None:
        raise NetdefError(
            "pictures need graphviz's program `dot`, which is not installed: apt install graphviz, "
            "brew install graphviz, or see graphviz.org; .dot, .mmd and .md files need no program")
    sharp = ["-Gdpi=144"] if kind == "png" else []
    done = subprocess.run([program, f"-T{kind}", *sharp], input=text.encode(), capture_output=True)
    if done.returncode:
        raise NetdefError(f"{program} failed: {done.stderr.decode(errors='replace').strip() or done.returncode}")
    return done.stdout


def _label(box: Box) -> str:
    if not box.folded:
        return _lines(box)
    cells = []
    for part in (box, *box.folded):
        fill, line = COLOURS[part.family]
        cells.append(f'<TR><TD BGCOLOR="{fill}" COLOR="{line}">{_lines(part, part is not box)}</TD></TR>')
    return f'<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">{"".join(cells)}</TABLE>'


def _lines(box: Box, in_place: bool = False) -> str:
    """Name, type and facts as lines of a label; of a layer in place in one line."""
    name = f"<B>{_escaped(box.name)}</B>" if box.type else f"<I>{_escaped(box.name)}</I>"
    rest = [_escaped(line) for line in (box.type, *box.facts) if line]
    if in_place:
        return f'<FONT POINT-SIZE="9">{name} {", ".join(rest)}</FONT>'
    lid = '<FONT POINT-SIZE="6"> <BR/></FONT>' if box.family == "data" else ""  # keeps the name off the cylinder's lid
    return lid + "<BR/>".join([name, *rest[:1], *(f'<FONT POINT-SIZE="9">{line}</FONT>' for line in rest[1:])])


def _title(drawing: Drawing) -> str:
    rows = [("phase", "iterations", "rate", "sparsity"), *drawing.phases] if drawing.phases else []
    cells = ("".join(f'<TD ALIGN="LEFT">{_escaped(cell)}</TD>' for cell in row) for row in rows)
    table = "".join(f"<TR>{row}</TR>" for row in cells)
    head = f'<TR><TD ALIGN="LEFT" COLSPAN="4"><B><FONT POINT-SIZE="14">{_escaped(drawing.title)}</FONT></B></TD></TR>'
    return f'<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="3">{head}{table}</TABLE>'


def _escaped(text: str) -> str:
    """Escape text for an HTML-like label, which is read as XML: characters that XML cannot have become spaces."""
    return escape(re.sub(r"[\x00-\x1f\x7f\ufffe\uffff]", " ", text), quote=False) or " "
