"""Format numbers for people."""

from __future__ import annotations

import math


def number_text(value: float, form: str = ".4g") -> str:
    """A number in this format, or ``not finite`` for NaN and the infinities."""
    return f"{value:{form}}" if math.isfinite(value) else "not finite"


def decimal(value: float) -> float:
    """A float32 as the decimal number that it was read from: rounded to seven digits."""
    return float(f"{value:.7g}")
