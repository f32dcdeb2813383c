"""dsd-check: the layers and phases of a net or solver file, or all of its mistakes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.options import ReadOptions, read_options
from dsd.cli.shared.screen import console
from netdef.errors import Note, Problem, Problems, SpecError

if TYPE_CHECKING:
    from rich.table import Table

    from dsd.engine.choose import Pruner
    from dsd.plan.phases import DsdPhase
    from netdef.definition.definitions import PhaseName, SolverDefinition
    from netdef.graph.net import Net

_NUMBERS: dict[str, Any] = {"justify": "right", "no_wrap": True}


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-check models/lenet/train_val.prototxt
  dsd-check models/lenet/deploy.prototxt --phase TEST
  dsd-check models/lenet/solver.prototxt --sparsity 0.3

\b
Exit status: 0 if all is well, 2 if anything is wrong.""")
@click.argument("file", type=click.Path())
@click.option("--phase", type=click.Choice(["TRAIN", "TEST"]), help="Check a net for this phase only; both otherwise.")
@click.option("--sparsity", type=float, metavar="S", help="Check a plain solver as dsd-train --sparsity would run it.")
@read_options
def main(file: str, phase: PhaseName | None, sparsity: float | None, read: ReadOptions) -> None:
    """Check a net or a solver FILE: syntax, fields, graph and shapes; for a solver also its nets and phases.

    Prints the layers (and phases) as tables, or every mistake with its place.
    """
    from netdef.definition.read import is_solver
    from netdef.text.load import load_source
    from netdef.text.parse import parse

    if is_solver(parse(load_source(file))):
        if phase:
            raise click.UsageError(f"--phase is for nets; {file} is a solver, whose nets have both phases")
        check_solver(file, sparsity, read)
    else:
        if sparsity is not None:
            raise click.UsageError(f"--sparsity is for solvers; {file} is a net")
        check_net(file, [phase] if phase else ["TRAIN", "TEST"], read)


def check_net(path: str, phases: list[PhaseName], read: ReadOptions) -> None:
    """Print the layers of a net in these phases. Raises `SpecError` with all that is wrong in any of them."""
    from netdef.definition.filter import filter_net
    from netdef.definition.read import read_net
    from netdef.graph.build import build_net

    misread = Problems()
    spec = read_net(path, problems=misread, **read.flags)
    nets: dict[PhaseName, Net] = {}
    found: dict[PhaseName, list[Problem]] = {}
    for phase in phases:
        try:
            nets[phase] = build_net(filter_net(spec, phase, read.level, read.stages), "meta", problems=Problems(misread))
        except SpecError as error:
            found[phase] = error.problems
    if found:
        raise SpecError(of_all_phases(found, phases))
    shown: list[tuple[str, Net]] = list(nets.items())
    if len(nets) == 2 and nets["TRAIN"].rows == nets["TEST"].rows:
        shown = [("TRAIN and TEST", nets["TEST"])]
    screen = console()
    for title, net in shown:
        screen.print(layers_table(net, f"{net.name or path}, {title}"))
        screen.print(inputs_and_outputs(net), highlight=False, markup=False)


def of_all_phases(found: dict[PhaseName, list[Problem]], phases: list[PhaseName]) -> list[Problem]:
    """The problems of all phases, each once, with a note if only one phase has it."""
    together = Problems()
    for phase, problems in found.items():
        others = {problem.span for other in phases if other != phase for problem in found.get(other, ())}
        only = () if len(phases) == 1 else (Note(f"in phase {phase} only"),)
        together.add_new(
            problem if problem.span in others else replace(problem, notes=problem.notes + only) for problem in problems)
    return together


def check_solver(path: str, sparsity: float | None, read: ReadOptions) -> None:
    """Print a solver's nets, phases and masks. Raises `SpecError` with all that is wrong in any of them."""
    from dsd.engine.choose import Pruner
    from dsd.plan.emptied import emptied_texts
    from dsd.plan.prepare import RunOptions, prepare
    from netdef.definition.read import read_solver
    from netdef.graph.pruning import frozen_layers

    problems = Problems()
    solver = read_solver(path, problems=problems, **read.flags)
    options = RunOptions(sparsity, level=read.level, stages=read.stages)
    run = prepare(solver, options, check_only=True, problems=problems)
    train, phases = run.net, run.phases
    screen = console()
    screen.print(layers_table(train, f"{train.name}, TRAIN"))
    screen.print(inputs_and_outputs(train), highlight=False, markup=False)
    for index, (net, count) in enumerate(zip(run.test_nets, solver.message.test_iter)):
        often = f"{count:,} batches every {solver.message.test_interval:,} iterations"
        screen.print(f"test net {index}: {often}; {inputs_and_outputs(net)}", highlight=False, markup=False)
    screen.print(phases_table(solver, phases))
    for phase in phases:
        if phase.until is not None:
            text = f"phase `{phase.name}` lasts {phase.length:,} iterations, or {phase.until}"
            screen.print(text, markup=False, highlight=False)
    if any(phase.sparse for phase in phases) or train.masks:
        pruner = Pruner(run.named_weights)
        screen.print(masks_table(train, pruner, phases))
        for text in (text for phase in phases for text in emptied_texts(phase, pruner)):
            screen.print(f"warning: {text}", highlight=False, markup=False, soft_wrap=True)
        masked = {layer for readers in train.masked.values() for layer, _ in readers}
        if frozen := [layer.name for layer in run.plain.layers if layer.name in frozen_layers(run.plain) - masked]:
            screen.print(f"not pruned, as their weights are not learned (lr_mult 0): {', '.join(frozen)}; a phase that "
                         "names one prunes it", highlight=False, markup=False)


def layers_table(net: Net, title: str) -> Table:
    """Type, bottoms, masks, top shapes, parameters, multiply-adds of one forward pass, with totals."""
    from rich.table import Table

    from netdef.layers.core.shapes import shape_text

    masked = bool(net.masks)
    table = Table(title=title, title_justify="left", show_footer=True)
    table.add_column("layer", "total", overflow="fold")
    table.add_column("type", no_wrap=True)
    table.add_column("bottoms", overflow="fold")
    if masked:
        table.add_column("mask", overflow="fold")
    table.add_column("tops", overflow="fold")
    table.add_column("shape", no_wrap=True)
    # Shared weights count once: the solver's list has them once.
    table.add_column("parameters", f"{sum(entry.tensor.numel() for entry in net.learnable):,}", **_NUMBERS)
    table.add_column("multiply-adds", f"{sum(row.multiply_adds for row in net.rows):,}", **_NUMBERS)
    for row in net.rows:
        shapes = row.tops
        if row.type == "Mask":
            shapes = ((net.graph.nodes[_index(net, row.name)].tops[0].blob, net.masks[row.name].shape or ()),)
        cells = [row.name, row.type, " ".join(row.bottoms)]
        if masked:
            cells.append(" ".join(row.masks))
        cells.append("\n".join(blob for blob, _ in shapes))
        cells.append("\n".join(shape_text(shape) for _, shape in shapes))
        cells += [f"{n:,}" if n else "" for n in (row.parameters, row.multiply_adds)]
        table.add_row(*cells)
    return table


def inputs_and_outputs(net: Net) -> str:
    """The net's input and output blobs."""
    inputs = [*net.inputs, *(top for i in range(len(net.feeds)) for top in net.feeds[i].tops)]
    return f"inputs: {', '.join(inputs) or 'none'}; outputs: {', '.join(net.outputs) or 'none'}"


def phases_table(solver: SolverDefinition, phases: tuple[DsdPhase, ...]) -> Table:
    """Length, rates and pruning of each phase."""
    from rich.table import Table

    from dsd.engine.phase import Regrow
    from dsd.masks.policies.fixed import Fixed

    table = Table(title=f"{solver.message.type} solver", title_justify="left")
    table.add_column("phase", overflow="fold")
    for heading in ("iterations", "sparsity"):
        table.add_column(heading, **_NUMBERS)
    policies = any(not isinstance(phase.policy, Fixed) for phase in phases)
    regrows = any(phase.regrow is not Regrow.ZERO for phase in phases)
    more = [heading for heading, used in (("mask_policy", policies), ("regrow", regrows)) if used]
    for heading in ("lr_policy", "rate", "solver_state", "constraint", *more):
        table.add_column(heading, no_wrap=True)
    for phase in phases:
        sparsity = "" if phase.sparsity is None else f"{phase.sparsity:g}"
        constraint = phase.constraint.name if phase.sparse else ""
        cells = [phase.name, f"{phase.length:,}", sparsity]
        cells += [phase.rates.policy or "", phase.rate_text, phase.solver_state.name, constraint]
        cells += [phase.policy.name if phase.sparse else ""] if policies else []
        cells += [phase.regrow.name] if regrows else []
        table.add_row(*cells)
    return table


def masks_table(net: Net, pruner: Pruner, phases: tuple[DsdPhase, ...]) -> Table:
    """A row for each masked layer: the number of weights kept at the end of each phase, where their values do not decide it."""
    from rich.table import Table

    from dsd.engine.phase import Scope
    from dsd.observers.summary import kept_text

    table = Table(title="Weights kept", title_justify="left", show_footer=True)
    rows: dict[str, list[str]] = {mask: [] for mask in pruner.weights}
    totals: list[str] = []
    for phase in phases:
        counts = pruner.counts(phase, phase.end - 1)
        kept_all, total_all = pruner.ranked_together(phase)[1], 0
        for mask, cells in rows.items():
            total = pruner.weights[mask].tensor.numel()
            kept = counts.get(mask, total)
            cells.append("by their size" if kept is None else kept_text(kept, total))
            kept_all, total_all = kept_all + (kept or 0), total_all + total
        unknown = phase.scope is Scope.LAYER and None in counts.values()
        totals.append("by their size" if unknown else kept_text(kept_all, total_all))
    table.add_column("layer", "total", overflow="fold")
    for phase, footer in zip(phases, totals):
        table.add_column(phase.name, footer, justify="right")
    for mask, cells in rows.items():
        table.add_row(", ".join(layer for layer, _ in net.masked[mask]), *cells)
    return table


def _index(net: Net, key: str) -> int:
    return next(i for i, node in enumerate(net.graph.nodes) if node.key == key)


if __name__ == "__main__":
    main()
