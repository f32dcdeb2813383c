"""dsd-draw: a net as a picture or as Mermaid text, with its masks and phases, as draw_net.py."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.options import ReadOptions, read_options
from dsd.cli.shared.overwrite import check_target, force_option

if TYPE_CHECKING:
    from dsd.drawing.drawing import Drawing
    from netdef.definition.definitions import PhaseName

PICTURES, MERMAID = (".svg", ".png", ".pdf"), (".mmd", ".md")
ENDINGS = (*PICTURES, ".dot", *MERMAID)


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-draw models/lenet/deploy.prototxt lenet.svg
  dsd-draw models/digits/solver.prototxt digits.png --rankdir=LR
  dsd-draw models/digits/solver.prototxt > digits.mmd

\b
OUT's ending says what is written:
  .svg .png .pdf  a picture, by graphviz's program dot
  .dot            what dot reads
  .mmd .md        Mermaid text, which needs no program; in .md between fences""")
@click.argument("file", type=click.Path())
@click.argument("out", required=False, default="-", type=click.Path(path_type=Path))
@click.option("--phase", default="TRAIN", show_default=True, type=click.Choice(["TRAIN", "TEST"]),
              help="A net's phase.")
@click.option("--rankdir", default="TB", show_default=True, type=click.Choice(["TB", "LR", "BT", "RL"]),
              help="From top to bottom, left to right, ...")
@force_option
@read_options
def main(file: str, out: Path, phase: PhaseName, rankdir: str, force: bool, read: ReadOptions) -> None:
    """Draw a net FILE, or the net that a solver FILE trains, with its phases and masks.

    OUT is the file to write; without it, or as -, Mermaid text goes to standard output.
    """
    kind = ".mmd" if str(out) == "-" else out.suffix.lower()
    if kind not in ENDINGS:
        raise click.BadParameter(f"`{out}` does not end in {', '.join(ENDINGS)}", param_hint="OUT")
    if str(out) != "-":
        check_target(out, force)

    from dsd.drawing.dot import dot_text, picture
    from dsd.drawing.mermaid import mermaid_text, too_large
    from netdef.files import atomic_write

    drawing = drawing_of(file, phase, read)
    if kind in MERMAID:
        text = mermaid_text(drawing, rankdir)
        if too_large(text, drawing):
            warnings.warn("the net is so large that Mermaid will not draw it at its usual limits; dot will", stacklevel=2)
        text = f"```mermaid\n{text}```\n" if kind == ".md" else text
    else:
        text = dot_text(drawing, rankdir)
    if str(out) == "-":
        click.echo(text, nl=False)
        return
    data = picture(text, kind[1:]) if kind in PICTURES else text.encode()
    with atomic_write(out) as target:
        target.write(data)
    click.echo(f"{out}: {drawing.title}")


def drawing_of(file: str, phase: PhaseName, read: ReadOptions) -> Drawing:
    """The drawing of a net, or of the net that a solver trains."""
    from dsd.drawing.drawing import draw
    from dsd.plan.prepare import RunOptions, read_run
    from netdef.definition.filter import filter_net
    from netdef.definition.read import is_solver, read_net, read_solver
    from netdef.errors import Problems
    from netdef.graph.build import known_shapes
    from netdef.graph.link import link
    from netdef.text.load import load_source
    from netdef.text.parse import parse

    if is_solver(parse(load_source(file))):
        if phase == "TEST":
            raise click.UsageError("a solver is drawn with the net that it trains; draw the net for --phase=TEST")
        problems = Problems()
        solver = read_solver(file, problems=problems, **read.flags)
        run = read_run(solver, RunOptions(level=read.level, stages=read.stages), problems)
        spec, plain, phases = run.train, run.plain, run.phases
    else:
        spec = plain = filter_net(read_net(file, **read.flags), phase, read.level, read.stages)
        phases = ()
    graph = link(spec, need_code=False)
    shapes, absent = known_shapes(graph)
    for problem in absent:
        warnings.warn(f"not all shapes are known: {problem.message}", stacklevel=2)
    title = f"{' '.join(spec.name.split()) or Path(file).name}, {spec.phase}"
    return draw(graph, title, shapes, plain, phases)


if __name__ == "__main__":
    main()
