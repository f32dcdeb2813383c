"""One set of colours for page, SVG and PNG; and matplotlib's SVG made part of a page.

Figures are drawn in the light colours. In the page every one of them becomes a CSS variable, which the dark scheme
sets anew. The colours of series are near Okabe and Ito's, which the colour-blind can tell apart, and lighter in the
dark.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING

from netdef.errors import NetdefError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# name: (light, dark). No light colour comes twice: they are what the variables are found by.
COLOURS = {
    "page": ("#fdfdfb", "#14171a"),
    "ink": ("#1b1f23", "#e6e8ea"),
    "soft": ("#59626b", "#a3acb5"),
    "line": ("#d9dcdf", "#363c43"),
    "panel": ("#f4f5f3", "#1d2126"),
    "tint": ("#f0e9da", "#2b2820"),
    "blue": ("#0072b2", "#5cb8ee"),
    "orange": ("#d55e00", "#ff9a57"),
    "green": ("#007d5b", "#3ecfa4"),
    "purple": ("#a8518a", "#e3a1cc"),
    "sky": ("#3f93c4", "#9ad6f7"),
    "amber": ("#b07d00", "#f0c05a"),
    "grey": ("#8b949d", "#7d8791"),
    "pruned": ("#e3cdb8", "#5a4634"),
}
LIGHT = {name: light for name, (light, _) in COLOURS.items()}
SERIES = ("blue", "orange", "green", "purple", "amber", "sky")
STYLES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))

_RC = {
    "svg.fonttype": "none", "text.parse_math": False, "svg.hashsalt": "dsd-report",
    "font.size": 9, "font.family": "sans-serif",
    "text.color": LIGHT["ink"], "axes.labelcolor": LIGHT["ink"], "axes.edgecolor": LIGHT["grey"],
    "axes.titlesize": 9.5, "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False,
    "axes.facecolor": "none", "axes.axisbelow": True, "grid.color": LIGHT["line"], "grid.linewidth": 0.7,
    "xtick.color": LIGHT["soft"], "ytick.color": LIGHT["soft"], "legend.frameon": False, "legend.fontsize": 9,
    "axes.linewidth": 0.8, "xtick.major.width": 0.8, "ytick.major.width": 0.8,
}


@contextmanager
def drawing() -> Iterator[None]:
    """matplotlib with these colours. Raises `NetdefError` with how to install it where it is not."""
    try:
        import matplotlib
    except ImportError:
        raise NetdefError(
            "dsd-report draws with matplotlib, which is not installed: pip install 'netdef-dsd[plot]'") from None
    with matplotlib.rc_context(_RC):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, in inches, that belongs to no window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="none")
    FigureCanvasAgg(figure)
    return figure


def series(number: int) -> tuple[str, object]:
    """Colour and line style of a curve; twenty-four differ."""
    return LIGHT[SERIES[number % len(SERIES)]], STYLES[number // len(SERIES) % len(STYLES)]


def png(figure: Figure, dots: int = 160) -> bytes:
    """On the light page's colour."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dots, facecolor=LIGHT["page"])
    return file.getvalue()


def svg(figure: Figure, name: str, description: str) -> str:
    """An ``<svg>`` to stand in HTML: as wide as its place, with a description for those who do not see it.

    ``name`` is put before every id, as those of several figures on one page must differ.
    """
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = file.getvalue()
    body = text[text.index("<svg") :]
    box = re.search(r'viewBox="([^"]+)"', body)[1]
    body = body[body.index(">") + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.S).replace("xlink:href", "href")
    body = re.sub(r'<style type="text/css">.*?</style>', "", body, flags=re.S)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'(href="|url\()#', rf"\1#{name}-", body)
    variables = {light: f"var(--{key})" for key, light in LIGHT.items()}
    body = re.sub(r"#[0-9a-f]{6}\b", lambda found: variables.get(found[0], found[0]), body)
    said = escape(description)
    return (f'<svg viewBox="{box}" role="img" aria-label="{said}" preserveAspectRatio="xMidYMid meet">'
            f"<title>{said}</title>{body}")


def css_variables(dark: bool) -> str:
    """The colours of one scheme as CSS declarations."""
    return " ".join(f"--{name}: {colours[dark]};" for name, colours in COLOURS.items())
