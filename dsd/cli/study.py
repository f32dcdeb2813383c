"""dsd-study: does DSD help this net? And: is zeroing after each step the same as a mask?"""

from __future__ import annotations

from pathlib import Path

import click

from dsd.cli.common import Command, check_device, console, lenient_option, names, python_option


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-study models/digits/solver.prototxt
  dsd-study models/digits/solver.prototxt --seeds 10 --arms stop-after-sparse,dsdsd --sparsity 0.3
  dsd-study models/lenet/solver.prototxt --sparsity 0.3 --out runs/lenet_study
  dsd-study --equivalence models/digits/solver.prototxt
  dsd-study --equivalence
\b
Arms, besides dsd and its control (same iterations, rates and batches, no mask):
  dsdsd              the sparse phase and what follows once more
  stop-after-sparse  end with the pruned net
  random-masks       as many weights pruned, but any
  sparsity-0.5       another sparsity; the same as --sparsity 0.5
  mask-blob, zero-after-step, mask-update   another `constraint`
  reset, carry, carry-active                another `solver_state`
\b
The same command again goes on where a study was interrupted. Writes study.json,
study.png and study.svg to the --out folder; needs the extra `study`.""")
@click.argument("file", metavar="[SOLVER]", required=False, type=click.Path())
@click.option("--seeds", default=5, show_default=True, type=click.IntRange(min=1), help="Run seeds 1 to N.")
@click.option("--arms", metavar="A,B", help="Further arms.")
@click.option("--sparsity", multiple=True, type=click.FloatRange(0, 1, max_open=True),
              help="A further arm; on a solver without phases the first one makes the phases. Repeatable.")
@click.option("--metric", metavar="OUTPUT", help="Compare this output of the first test net. [default: accuracy*]")
@click.option("--out", type=click.Path(file_okay=False), help="The study's folder. [default: <snapshot_prefix>_study]")
@click.option("--jobs", type=click.IntRange(min=1), help="Runs side by side. [default: one a core; one on a GPU]")
@click.option("--device", metavar="NAME", callback=check_device, help="Run on this device of torch: cpu, cuda:1, mps.")
@click.option("--equivalence", is_flag=True,
              help="Run the three constraints in lockstep and say where they part; without a SOLVER, all six solvers on"
                   " a problem of one weight.")
@click.option("--iterations", type=click.IntRange(min=1), help="--equivalence: iterations of each phase. [default: 50]")
@click.option("--seed", type=click.IntRange(min=0), help="--equivalence: instead of the solver's random_seed.")
@click.option("--markdown", is_flag=True, help="--equivalence: the tables as Markdown.")
@lenient_option
@python_option
def main(
    file: str | None, seeds: int, arms: str | None, sparsity: tuple[float, ...], metric: str | None, out: str | None,
    jobs: int | None, device: str | None, equivalence: bool, iterations: int | None, seed: int | None, markdown: bool,
    lenient: bool, allow_python: bool,
) -> None:
    """Run the SOLVER's phases and a control of the same budget without masks over several seeds, and say whether they
    differ."""
    if equivalence:
        for flag, value in {"--arms": arms, "--metric": metric, "--out": out, "--jobs": jobs}.items():
            if value is not None:
                raise click.UsageError(f"{flag} is of no use with --equivalence")
        if len(sparsity) > 1:
            raise click.UsageError("--equivalence takes one --sparsity")
        only = sparsity[0] if sparsity else None
        show_equivalence(file, only, iterations or 50, seed, device, markdown, lenient, allow_python)
        return
    for flag, value in {"--iterations": iterations, "--seed": seed, "--markdown": markdown or None}.items():
        if value is not None:
            raise click.UsageError(f"{flag} is for --equivalence")
    if file is None:
        raise click.UsageError("need a solver definition to study: dsd-study solver.prototxt")
    study(file, seeds, names(arms), sparsity, metric, out, jobs, device, lenient, allow_python)


def study(
    file: str, seeds: int, arms: tuple[str, ...], sparsities: tuple[float, ...], metric: str | None, out: str | None,
    jobs: int | None, device: str | None, lenient: bool, allow_python: bool,
) -> None:
    """Run the study, or what is left of it, and tell its answer. Raises for runs that failed, after all else."""
    from dsd.plan.settings import choose_device, snapshot_prefix
    from dsd.study.jobs import cores
    from dsd.study.plan import make_plan
    from dsd.study.study import need_extra, run_study
    from dsd.study.words import missing, sentence, table
    from netdef.definition.read import read_solver

    need_extra()
    solver = read_solver(file, lenient=lenient, allow_python=allow_python)
    plan = make_plan(solver, seeds, arms, sparsities, metric)
    on = choose_device(solver, device)
    folder = Path(out or f"{snapshot_prefix(solver)}_study")
    screen = console()
    found = run_study(
        plan, folder, screen, side_by_side=jobs or (cores() if on.type == "cpu" else 1), device=str(on))
    screen.print(table(found.comparisons, plan.metric))
    said = [sentence(c, plan.metric, len(found.comparisons)) for c in found.comparisons]
    for text in said + missing(len(plan.seeds), found.comparisons):
        screen.print(text, markup=False, highlight=False)
    for path in found.files:
        screen.print(str(path), markup=False, highlight=False, soft_wrap=True)
    found.raise_failures()


def show_equivalence(
    file: str | None, sparsity: float | None, iterations: int, seed: int | None, device: str | None, markdown: bool,
    lenient: bool, allow_python: bool,
) -> None:
    """Tell where the three constraints part on a solver; without one, the README's table of all six."""
    from dsd.study import reborn
    from dsd.study.layout import show

    screen = console()
    if file is None:
        if sparsity is not None:
            raise click.UsageError("--sparsity is for a SOLVER")
        show(screen, reborn.table(), markdown)
        screen.print(reborn.ANSWER, markup=False, highlight=False)
        return
    from rich.progress import Progress

    from dsd.study.lockstep import run_lockstep
    from netdef.definition.read import read_solver

    solver = read_solver(file, lenient=lenient, allow_python=allow_python)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("steps", total=None)
        found = run_lockstep(
            solver, iterations, sparsity=sparsity, seed=seed, device=device,
            progress=lambda done, total: bar.update(task, completed=done, total=total))
    show(screen, found.table(), markdown)
    for line in found.sentences():
        screen.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    main()
