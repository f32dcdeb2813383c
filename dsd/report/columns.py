"""Format the cells of a table column with one number of decimals."""

from __future__ import annotations

import math
from collections.abc import Sequence


def column_texts(cells: Sequence[object]) -> list[str]:
    """The cells as texts: None as a dash, whole numbers with separated thousands, others with the same decimals."""
    numbers = [cell for cell in cells if isinstance(cell, float) and math.isfinite(cell)]
    form = _form(numbers)
    return [_text(cell, form) for cell in cells]


def _form(numbers: Sequence[float]) -> str:
    """The format of a column's numbers: four digits of the largest and, if that is possible, two of the smallest."""
    sizes = [abs(number) for number in numbers if number]
    if not sizes:
        return ".0f"
    largest, smallest = (math.floor(math.log10(size)) for size in (max(sizes), min(sizes)))
    decimals = max(3 - largest, min(1 - smallest, 6 - largest), 0)
    if largest >= 7 or -smallest > decimals:
        return ".3e"
    while decimals and all(f"{number:.{decimals}f}".endswith("0") for number in numbers):
        decimals -= 1
    return f".{decimals}f"


def _text(cell: object, form: str) -> str:
    if cell is None:
        return "\N{EN DASH}"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:{form}}" if math.isfinite(cell) else "not finite"
    return str(cell)
