"""dsd-study: compare training with and without masks over seeds, or the three constraints step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.compute import precision_option
from dsd.cli.shared.devices import device_option
from dsd.cli.shared.options import NAMES, ReadOptions, option_group, solver_read_options
from dsd.cli.shared.screen import console


@dataclass(frozen=True)
class PlanOptions:
    """The arms, controls, seeds and measure of a study."""

    seeds: int
    arms: tuple[str, ...]
    sparsity: tuple[float, ...]
    controls: dict[str, str]
    metric: str | None


@dataclass(frozen=True)
class JobOptions:
    """The folder of a study's files, the number of runs at a time, and the precision."""

    out: str | None
    jobs: int | None
    precision: str | None


@dataclass(frozen=True)
class EquivalenceOptions:
    """Options for comparing constraints instead of arms."""

    equivalence: bool
    iterations: int | None
    seed: int | None
    markdown: bool


def _named_solvers(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """{name: file} of values ``NAME=FILE``."""
    found = {}
    for value in values:
        name, equals, file = value.partition("=")
        if not re.fullmatch(r"[\w.-]+", name) or not equals or not file:
            raise click.BadParameter(f"`{value}` must be NAME=SOLVER, such as tuned=dense.prototxt", ctx, param)
        if name in found:
            raise click.BadParameter(f"`{name}` is given twice", ctx, param)
        found[name] = file
    return found


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-study models/digits/solver.prototxt
  dsd-study models/digits/solver.prototxt --seeds 10 --arms dsdsd
  dsd-study models/lenet/solver.prototxt --sparsity 0.3 --out runs/lenet_study
  dsd-study solver.prototxt --sparsity 0.3 --control tuned=dense.prototxt
  dsd-study --equivalence models/digits/solver.prototxt

\b
Arms besides dsd and its control (same iterations, rates and batches, no
mask): dsdsd, stop-after-sparse, random-masks, sparsity-S; another start of
pruned weights: regrow-zero, regrow-saved, regrow-filler; another constraint:
mask-blob, zero-after-step, mask-update; another solver_state: reset, carry,
carry-active.

\b
The same command again goes on where a study was interrupted. Needs the extra
`study`. Writes study.json, study.png and study.svg to the --out folder.""")
@click.argument("file", metavar="[SOLVER]", required=False, type=click.Path())
@option_group(
    "plan", PlanOptions,
    click.option("--seeds", default=5, metavar="N", type=click.IntRange(min=1), help="Run seeds 1 to N. [default: 5]"),
    click.option("--arms", default="", type=NAMES, metavar="A,B", help="Further arms."),
    click.option("--sparsity", multiple=True, metavar="S", type=click.FloatRange(0, 1, max_open=True),
                 help="Another arm, or phases where there are none."),
    click.option("--control", "controls", multiple=True, metavar="NAME=SOLVER", callback=_named_solvers,
                 help="A control with a dense solver of its own. Repeatable."),
    click.option("--metric", metavar="OUTPUT", help="Compare this test output. [default: accuracy*]"),
)
@option_group(
    "run", JobOptions,
    click.option("--out", metavar="FOLDER", type=click.Path(file_okay=False),
                 help="The study's folder. [default: <snapshot_prefix>_study]"),
    click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Runs at a time. [default: by cores; 1 on GPU]"),
    precision_option,
)
@device_option
@option_group(
    "equivalence", EquivalenceOptions,
    click.option("--equivalence", is_flag=True,
                 help="Compare the three constraints step by step; without a SOLVER, all six solvers on one weight."),
    click.option("--iterations", metavar="N", type=click.IntRange(min=1), help="Of each phase compared. [default: 50]"),
    click.option("--seed", metavar="N", type=click.IntRange(min=0), help="Of the comparison, not the random_seed."),
    click.option("--markdown", is_flag=True, help="Print its tables as Markdown."),
)
@solver_read_options
def main(
    file: str | None, plan: PlanOptions, run: JobOptions, device: str | None, equivalence: EquivalenceOptions,
    read: ReadOptions,
) -> None:
    """Compare the SOLVER's phases with training without masks, over several seeds."""
    if equivalence.equivalence:
        _refuse({"--arms": plan.arms, "--control": plan.controls, "--metric": plan.metric, "--out": run.out,
                 "--jobs": run.jobs, "--precision": run.precision}, "is of no use with --equivalence")
        if len(plan.sparsity) > 1:
            raise click.UsageError("--equivalence takes one --sparsity")
        show_equivalence(file, plan.sparsity[0] if plan.sparsity else None, equivalence, device, read)
        return
    _refuse({"--iterations": equivalence.iterations, "--seed": equivalence.seed, "--markdown": equivalence.markdown},
            "is for --equivalence")
    if file is None:
        raise click.UsageError("need a solver definition to study: dsd-study solver.prototxt")
    study(file, plan, run, device, read)


def _refuse(flags: dict[str, object], why: str) -> None:
    """Raise `UsageError` for the first of these flags that is given. One that is not is None, False or empty."""
    for flag, value in flags.items():
        if value is not None and value is not False and value not in ((), {}):
            raise click.UsageError(f"{flag} {why}")


def study(file: str, options: PlanOptions, run: JobOptions, device: str | None, read: ReadOptions) -> None:
    """Run the unfinished runs of the study, and print its result. Raises at the end if runs failed."""
    from dsd.compute.precision import Precision
    from dsd.plan.settings import choose_device, snapshot_prefix
    from dsd.study.describe import missing, sentence, table
    from dsd.study.end_table import end_table
    from dsd.study.plan import make_plan
    from dsd.study.processes import cores
    from dsd.study.recorded_study import RecordedStudy
    from dsd.study.study import need_extra, run_study
    from dsd.study.text_table import show
    from netdef.definition.read import read_solver
    from netdef.errors import Problems

    need_extra()
    problems = Problems()
    solver = read_solver(file, problems=problems, **read.flags)
    controls = {name: read_solver(path, **read.flags) for name, path in options.controls.items()}
    plan = make_plan(solver, options.seeds, options.arms, options.sparsity, options.metric, problems, controls,
                     run.precision)
    on = choose_device(solver, device)
    Precision(run.precision, on)  # refuses what the device cannot do before any run begins
    folder = Path(run.out or f"{snapshot_prefix(solver)}_study")
    screen = console()
    found = run_study(
        plan, folder, screen, side_by_side=run.jobs or (cores() if on.type == "cpu" else 1), device=str(on))
    show(screen, table(found.comparisons, plan.metric))
    show(screen, end_table(RecordedStudy(found.files[0])))
    sentences = [sentence(c, plan.metric, found.comparisons) for c in found.comparisons]
    for text in sentences + missing(len(plan.seeds), found.comparisons):
        screen.print(text, markup=False, highlight=False)
    for path in found.files:
        screen.print(str(path), markup=False, highlight=False, soft_wrap=True)
    found.raise_failures()


def show_equivalence(
    file: str | None, sparsity: float | None, options: EquivalenceOptions, device: str | None, read: ReadOptions
) -> None:
    """Print where the three constraints differ on a solver; without one, the README's table of all six solvers."""
    from dsd.study.equivalence import all_solvers
    from dsd.study.text_table import show

    screen = console()
    if file is None:
        if sparsity is not None:
            raise click.UsageError("--sparsity is for a SOLVER")
        show(screen, all_solvers.table(), options.markdown)
        screen.print(all_solvers.ANSWER, markup=False, highlight=False)
        return
    from rich.progress import Progress

    from dsd.study.equivalence.lockstep import run_lockstep
    from netdef.definition.read import read_solver

    solver = read_solver(file, **read.flags)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("steps", total=None)
        found = run_lockstep(
            solver, options.iterations or 50, sparsity=sparsity, seed=options.seed, device=device,
            progress=lambda done, total: bar.update(task, completed=done, total=total))
    show(screen, found.table(), options.markdown)
    for line in found.sentences():
        screen.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    main()
