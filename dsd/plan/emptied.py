"""Find phases that leave layers without any weight, or prune none, as far as the text shows it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence

from dsd.engine.choose import Pruner
from dsd.engine.phase import Phase, Scope
from dsd.plan.phases import DsdPhase
from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems


def refuse_emptied(solver: SolverDefinition, phases: Sequence[DsdPhase], pruner: Pruner) -> None:
    """Raise `SpecError` for phases that prune all weights of all layers that they prune."""
    problems = Problems()
    for index, phase in enumerate(phases):
        emptied = pruner.emptied(phase)
        if emptied and len(emptied) == len(pruner.sparsities(phase)):
            total = sum(pruner.weights[key].tensor.numel() for key in emptied)
            stated = index < len(solver.message.dsd_phase)
            has = stated and solver.message.dsd_phase[index].HasField("sparsity")
            span = solver.span("dsd_phase", index, *(["sparsity"] if has else [])) if stated else None
            problems.add(f"phase `{phase.name}` keeps none of the {total:,} weights that it prunes; "
                         "make its sparsity smaller", span)
    problems.raise_any()


def warn_of_idle(phases: Sequence[DsdPhase], pruner: Pruner) -> None:
    """Warn of sparse phases that prune no layer."""
    for phase in phases:
        if phase.sparse and not pruner.sparsities(phase):
            warnings.warn(
                f"phase `{phase.name}` prunes nothing: all that it could prune is excluded, or is pruned only if named, as "
                "weights are that do not learn (lr_mult 0); `layer { name: ... sparsity: ... }` in the phase names a layer",
                stacklevel=2)


def emptied_texts(phase: Phase, pruner: Pruner) -> Iterator[str]:
    """Sentences about layers of which a phase keeps nothing, whatever the values of their weights."""
    emptied = pruner.emptied(phase)
    for key in emptied:
        weight = pruner.weights[key]
        yield (f"phase `{phase.name}` keeps none of the {weight.tensor.numel():,} weights of layer `{weight.label}`; "
               f"{remedy(phase, weight.layer)}")
    together, kept = pruner.ranked_together(phase)
    if 0 < kept < len(together):
        yield (f"phase `{phase.name}` keeps {kept:,} of the weights of {len(together)} layers together: some layer keeps "
               f"none; {remedy(phase, pruner.weights[together[0]].layer)}")


def remedy(phase: Phase, layer: str) -> str:
    """Advice for an error: the field that prunes a layer less."""
    globally = "; `scope: LAYER` prunes each layer by the same share" if phase.scope is Scope.GLOBAL else ""
    return f'`layer {{ name: "{layer}" sparsity: ... }}` in the phase gives it a sparsity of its own{globally}'
