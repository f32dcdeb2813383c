"""Figures inside HTML: matplotlib's SVG with its colours as the page's variables."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING

from dsd.display.plotting import COLOURS, LIGHT

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def svg(figure: Figure, name: str, description: str) -> str:
    """An ``<svg>`` for a page, as wide as its container, with a description for screen readers.

    ``name`` is put before every id, as those of several figures on one page must differ.
    """
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = file.getvalue()
    body = text[text.index("<svg") :]
    box = re.search(r'viewBox="([^"]+)"', body)
    assert box is not None  # matplotlib writes one
    body = body[body.index(">") + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.S).replace("xlink:href", "href")
    body = re.sub(r'<style type="text/css">.*?</style>', "", body, flags=re.S)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'(href="|url\()#', rf"\1#{name}-", body)
    variables = {light: f"var(--{key})" for key, light in LIGHT.items()}
    body = re.sub(r"#[0-9a-f]{6}\b", lambda found: variables.get(found[0], found[0]), body)
    label = escape(description)
    return (f'<svg viewBox="{box[1]}" role="img" aria-label="{label}" preserveAspectRatio="xMidYMid meet">'
            f"<title>{label}</title>{body}")


def css_variables(dark: bool) -> str:
    """The colours of one scheme as CSS declarations."""
    return " ".join(f"--{name}: {colours[dark]};" for name, colours in COLOURS.items())
