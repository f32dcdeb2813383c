"""Describe masks that leave layers without weights or cut the net."""

from __future__ import annotations

from dsd.engine.phase import Phase
from dsd.plan.emptied import remedy
from dsd.training.run import Run
from netdef.graph.paths import find_cuts


def cut_text(run: Run, phase: Phase) -> str | None:
    """What is wrong with the masks in force, with numbers and what would help; None if nothing is."""
    cuts = find_cuts(run.net)
    lines, pruned = [], []
    for key, mask in run.masks.items():
        weight, kept = run.keeper.weights[key], int(mask.sum())
        if kept and weight.layer not in cuts.ends:
            continue
        pruned.append(weight.layer)
        lines.append(
            f"layer `{weight.label}` keeps none of its {mask.numel():,} weights" if not kept else
            f"layer `{weight.label}` keeps {kept:,} of its {mask.numel():,} weights, none of which reads what depends on the"
            " input")
    if not lines:
        return None
    what = "cuts the net: no input reaches its end through the weights that are kept" if cuts.whole else (
        "leaves layers without a weight that matters")
    return "\n  ".join([f"phase `{phase.name}` {what}", *lines, remedy(phase, pruned[0])])
