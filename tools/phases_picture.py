"""Make docs/phases.svg, the README's picture: one layer's weights at the end of each phase of the digits' training.

    dsd-train models/digits/solver.prototxt
    python tools/phases_picture.py runs/digits docs/phases.svg

A row of cells is one output of the layer ``ip2``, a column one of its 64 inputs. Colour is the sign, strength the
magnitude; zeros are left out. The text is drawn in a grey that can be read on white and on black.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

import netdef

LAYER = "ip2"
PHASES = {
    3000: ("dense", "Train all weights."),
    4500: ("sparse", "Set the smaller half to zero. Train the others."),
    6000: ("re-dense", "Let the zeros train again, from zero."),
}
CELL, GAP, TOP, LEFT = 12, 2, 28, 8  # pixels
LEVELS = 6
COLOURS = {-1: "#2f6ea3", 1: "#d9730d"}
INK = "#737c86"


def caption(x: int, y: int, bold: str, plain: str) -> str:
    """A line of text that begins in bold."""
    return f'<text x="{x}" y="{y}"><tspan font-weight="bold">{bold}</tspan>  {plain}</text>'


def cells(weight: np.ndarray, largest: float, top: int) -> list[str]:
    """A path for each sign and strength, a square for each weight that is not zero."""
    strength = np.ceil(np.minimum(np.abs(weight) / largest, 1) * LEVELS).astype(int)
    side, paths = CELL - GAP, []
    for sign, colour in COLOURS.items():
        for level in range(1, LEVELS + 1):
            places = np.argwhere((np.sign(weight) == sign) & (strength == level))
            squares = "".join(f"M{LEFT + x * CELL} {top + y * CELL}h{side}v{side}h-{side}z" for y, x in places)
            if squares:
                paths.append(f'<path fill="{colour}" fill-opacity="{(level + 1) / (LEVELS + 1):.2f}" d="{squares}"/>')
    return paths


@click.command()
@click.argument("prefix")
@click.argument("output", type=click.Path(path_type=Path))
def main(prefix: str, output: Path) -> None:
    """Draw the snapshots PREFIX_iter_<n>.caffemodel into OUTPUT, an .svg file."""
    weights = []
    for iteration in PHASES:
        net = netdef.load("models/digits/deploy.prototxt", weights=f"{prefix}_iter_{iteration}.caffemodel")
        weights.append(net.params[LAYER][0].detach().numpy())
    rows, columns = weights[0].shape
    largest = np.quantile(np.abs(weights[0]), 0.98)
    panel = TOP + rows * CELL + 14
    width, height = 2 * LEFT + columns * CELL, len(PHASES) * panel
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="15" fill="{INK}" xml:space="preserve">',
        "<title>The weights of the digits' last layer at the end of each phase</title>",
    ]
    for number, (weight, (name, text)) in enumerate(zip(weights, PHASES.values(), strict=True)):
        lines.append(caption(LEFT, number * panel + 18, name, text))
        lines += cells(weight, float(largest), number * panel + TOP)
    output.write_text("\n".join([*lines, "</svg>", ""]))


if __name__ == "__main__":
    main()
