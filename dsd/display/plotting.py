"""The palette and style of all pictures; matplotlib is imported at the first picture.

Figures are made and saved inside `drawing`, in the light colours. In an HTML page each of these becomes a CSS
variable, which the dark scheme sets anew. The colours of curves are near Okabe and Ito's, which the colour-blind can
tell apart.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netdef.errors import NetdefError

if TYPE_CHECKING:
    from types import ModuleType

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LineStyle = str | tuple[float, tuple[float, ...]]

COLOURS = {  # name: (light, dark); no light colour comes twice, as the CSS variables are found by them
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
_SERIES = ("blue", "orange", "green", "purple", "amber", "sky")
_STYLES: tuple[LineStyle, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))
DASHED: LineStyle = (0, (2, 2))

_RC: dict[Any, Any] = {
    "svg.fonttype": "none", "text.parse_math": False, "svg.hashsalt": "dsd",
    "font.size": 9, "font.family": "sans-serif",
    "text.color": LIGHT["ink"], "axes.labelcolor": LIGHT["ink"], "axes.edgecolor": LIGHT["grey"],
    "axes.titlesize": 9.5, "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False,
    "axes.facecolor": "none", "axes.axisbelow": True, "grid.color": LIGHT["line"], "grid.linewidth": 0.7,
    "xtick.color": LIGHT["soft"], "ytick.color": LIGHT["soft"], "legend.frameon": False, "legend.fontsize": 9,
    "axes.linewidth": 0.8, "xtick.major.width": 0.8, "ytick.major.width": 0.8,
}


def load_matplotlib() -> ModuleType:
    """Import matplotlib, which only pictures need. Raises `NetdefError` with how to install it."""
    try:
        import matplotlib
    except ImportError:
        raise NetdefError(
            "pictures need matplotlib, which is not installed: pip install 'netdef-dsd[plot]'") from None
    return matplotlib


@contextmanager
def drawing() -> Iterator[None]:
    """matplotlib in the style of all pictures. Raises `NetdefError` if it is not installed."""
    with load_matplotlib().rc_context(_RC):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, in inches, that belongs to no window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="none")
    FigureCanvasAgg(figure)
    return figure


def series(number: int) -> tuple[str, LineStyle]:
    """Colour and line style of a curve; those of the first 24 differ."""
    return LIGHT[_SERIES[number % len(_SERIES)]], _STYLES[number // len(_SERIES) % len(_STYLES)]


def curve_label(name: str, points: Iterable[tuple[float, float]]) -> str:
    """The name of a curve in a legend; it says where the curve ends because its values are not finite any more."""
    since = None
    for x, y in points:
        since = None if math.isfinite(y) else x if since is None else since
    return name if since is None else f"{name}, not finite from {since:g} on"


def encode(figure: Figure, kind: str, dots: int = 160) -> bytes:
    """The figure as a file in one of matplotlib's formats: png, svg, pdf. Raises `NetdefError` for others."""
    if kind not in figure.canvas.get_supported_filetypes():
        raise NetdefError(f"pictures cannot be written as `{kind}`; .png, .svg and .pdf can")
    file = io.BytesIO()
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
    figure.savefig(file, format=kind, dpi=dots, facecolor=LIGHT["page"], metadata=undated)
    return file.getvalue()


@dataclass(frozen=True)
class PhaseSpan:
    """A phase in iterations; ``end`` is the first iteration after it."""

    name: str
    start: int
    end: int
    sparse: bool
    sparsity: float | None = None

    @classmethod
    def of(cls, facts: dict[str, Any]) -> PhaseSpan:
        """A phase as metrics and study files hold it. Old files have only the sparsity, not whether the phase is sparse."""
        sparse = facts.get("sparse", facts["sparsity"] is not None)
        return cls(facts["name"], facts["start"], facts["end"], sparse, facts["sparsity"])


def shade_phases(axes: Axes, phases: Sequence[PhaseSpan], named: bool = True) -> None:
    """Tint the sparse phases, mark where phases begin, and write their names above the axes."""
    width = phases[-1].end - phases[0].start
    for index, phase in enumerate(phases):
        if phase.sparse:
            axes.axvspan(phase.start, phase.end, color=LIGHT["tint"], lw=0, zorder=0)
        if index:
            axes.axvline(phase.start, color=LIGHT["grey"], lw=0.7, ls=DASHED, zorder=1)
        if named and phase.end > phase.start:
            share = f" {100 * phase.sparsity:.3g}%" if phase.sparsity is not None else ""
            letters = (phase.end - phase.start) / max(width, 1) / 0.0078  # that fit above the phase
            text = phase.name if letters < len(phase.name + share) else phase.name + share
            up = 3 + 11 * (index % 2 and letters < len(phase.name))
            axes.annotate(text, ((phase.start + phase.end) / 2, 1), xycoords=("data", "axes fraction"), xytext=(0, up),
                          textcoords="offset points", ha="center", va="bottom", color=LIGHT["soft"], fontsize=9)
