"""``study.json``: a study with all its finished runs, written after each of them; `recorded_study` reads it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from dsd.display.number_text import decimal
from dsd.engine.phase import Phase
from dsd.study.metric import Metric
from dsd.study.plan import VERSION, StudyPlan
from dsd.study.run_folder import RunResult, read_json, write_json
from dsd.study.statistics import PairedComparison, compare, holm
from netdef.definition.definitions import SolverDefinition
from netdef.errors import FileError, NetdefError
from netdef.text.write import message_text

Results = Mapping[tuple[str, int], RunResult]
"""{(arm, seed): result} of the finished runs."""


def write_study(path: Path, plan: StudyPlan, results: Results) -> list[PairedComparison]:
    """Write the file, whole or not at all, and return the comparisons in it. One JSON object:

    ============= ================================================================================================
    format        "dsd-study"
    version       1; another version is refused, not guessed at
    digest        of solver, phases, nets and initial weights
    solver        {path, text}: the file's name and the solver as it was read, its phases as written there
    metric        {name, accuracy, label}; the error of an accuracy a is 100 * (1 - a), of another output itself
    seeds         [1, ..., n]
    arms          {arm: {control, run, solver, phases: [{name, start, end, sparse, sparsity, base_lr, constraint,
                  mask_policy, solver_state}]}}; a phase can be sparse without a sparsity of its own, as under DYNAMIC;
                  ``control`` is null for the controls themselves; ``run`` is the arm among ``runs`` that has this one
                  as its beginning, as a rule itself. Run and control are read at the arm's last iteration. ``solver``
                  is {path, text} for a further control, which has its own, else null
    runs          [{arm, seed, digest, iterations, seconds, branch, kept, final, tests}], finished runs only;
                  branch: {arm, iteration} if the run went on from a snapshot of that arm's with the same seed, whose
                  phases are the same up to there, else null; seconds are those after it;
                  tests: [{iteration, phase, outputs: {output: number, null if not finite}, calibration, train_loss}] of
                  the first test net, in order, as `dsd.study.run_folder.MeasuredOutputs`; at the border of two phases
                  there is one test with the masks of each;
                  kept: {phase: {layer: [weights kept, weights in all]}}; final: the error at the end, null if not
                  finite
    precision     what passes computed in, as `dsd-study --precision` names it; null if it was not named
    comparisons   one for each arm with a control, and with each further control of its length, as
                  `dsd.study.statistics.PairedComparison`: arm, control, iteration, pairs, mean, sd, control_mean,
                  control_sd, difference, low, high, t_p, wilcoxon_p, holm_p
    ============= ================================================================================================

    Raises `FileError` when it cannot be written.
    """
    comparisons = compare_all(plan, results)
    arms = {
        name: arm_facts(plan.controls.get(name), plan.sources[name], phases, [p.rates.base_lr for p in phases],
                        _solver_facts(plan.solver_of(name)) if name in plan.further else None)
        for name, phases in plan.arms.items()
    }
    runs = [
        {"arm": arm, "seed": seed, "digest": r.digest, "iterations": r.iterations, "seconds": r.seconds,
         "branch": asdict(r.branch) if r.branch else None, "kept": r.kept,
         "final": final_error(r, plan.metric), "tests": [asdict(test) for test in r.tests]}
        for (arm, seed), r in sorted(results.items())
    ]
    write_content(path, plan.digest, _solver_facts(plan.solver), plan.metric, plan.seeds, arms, runs, comparisons,
                  plan.precision)
    return comparisons


def write_content(
    path: Path, digest: str, solver: Mapping[str, str | None], metric: Metric, seeds: Sequence[int],
    arms: Mapping[str, object], runs: Sequence[object], comparisons: Sequence[PairedComparison],
    precision: str | None = None,
) -> None:
    """Write the parts of the file, as `write_study` describes them."""
    write_json(path, {
        "format": "dsd-study", "version": VERSION, "digest": digest, "solver": solver,
        "metric": {**asdict(metric), "label": metric.label}, "seeds": list(seeds), "arms": arms, "runs": runs,
        "precision": precision, "comparisons": [asdict(comparison) for comparison in comparisons],
    })


def _solver_facts(solver: SolverDefinition) -> dict[str, str | None]:
    span = solver.span()
    return {"path": span.source.name if span else None, "text": message_text(solver.message)}


def arm_facts(
    control: str | None, run: str, phases: Sequence[Phase], rates: Sequence[float | None],
    solver: Mapping[str, str | None] | None = None,
) -> dict[str, object]:
    """An arm as the file has it; ``rates`` are the first rates of its phases, ``solver`` is its own if it has one."""
    return {"control": control, "run": run, "solver": solver, "phases": [
        {"name": p.name, "start": p.start, "end": p.end, "sparse": p.sparse,
         "sparsity": None if p.sparsity is None else decimal(p.sparsity),
         "base_lr": None if rate is None else decimal(rate), "constraint": p.constraint.name, "mask_policy": p.policy.name,
         "solver_state": p.solver_state.name}
        for p, rate in zip(phases, rates)
    ]}


def check_study(path: Path, plan: StudyPlan) -> None:
    """Raise `FileError` for a file of another version or of another solver; a missing file is fine."""
    if not path.is_file():
        return
    found = read_json(path)
    if found.get("format") != "dsd-study":
        raise FileError(f"{path}: is not a study file")
    if found.get("version") != VERSION:
        raise FileError(
            f"{path}: is a study of version {found.get('version')}, this dsd-study writes version {VERSION};"
            " give another folder with --out")
    if found.get("digest") != plan.digest:
        was = (found.get("solver") or {}).get("path")
        raise FileError(
            f"{path}: is a study of another solver, or this one was changed since (solver, net, initial weights or"
            f" --sparsity); it was begun with {was}. Give another folder with --out, or take this one away")


def compare_all(plan: StudyPlan, results: Results) -> list[PairedComparison]:
    """All comparisons of the plan, over the seeds that both have finished with a finite error."""
    found = []
    for arm, control in plan.comparisons:
        end = plan.arms[arm][-1].end
        errors = [
            (error_at(results.get((plan.sources[arm], seed)), end, plan.metric),
             error_at(results.get((control, seed)), end, plan.metric)) for seed in plan.seeds]
        found.append(compare_seeds(arm, control, end, errors, plan.metric))
    return holm(found)


def compare_seeds(
    arm: str, control: str, iteration: int, errors: Iterable[tuple[float | None, float | None]], metric: Metric
) -> PairedComparison:
    """Compare an arm with its control. ``errors`` are (the arm's, the control's) of each seed; a seed needs both to count."""
    pairs = [(own, other) for own, other in errors if own is not None and other is not None]
    noise = metric.noise([error for pair in pairs for error in pair])
    return compare(arm, control, iteration, [own for own, _ in pairs], [other for _, other in pairs], noise)


def final_error(result: RunResult, metric: Metric) -> float | None:
    """The error at the end of a run; None without a test there, or when it is not finite."""
    return error_at(result, result.iterations, metric)


def error_at(result: RunResult | None, iteration: int, metric: Metric) -> float | None:
    """The error at the end of the phase that ends there; None without one, or when it is not finite."""
    tests = [test for test in result.tests if test.iteration == iteration] if result else []
    if not tests:
        return None
    if metric.name not in tests[0].outputs:
        raise NetdefError(f"--metric {metric.name}: the finished runs have no such output")
    error = metric.error(tests[0].outputs)  # a test under the next phase's masks comes after it
    return error if error is not None and math.isfinite(error) else None
