"""Format numbers for people."""

from __future__ import annotations

import math


def number_text(value: float, form: str = ".4g") -> str:
    """A number in this format, or ``not finite`` for NaN and the infinities."""
    return f"{value:{form}}" if math.isfinite(value) else "not finite"
