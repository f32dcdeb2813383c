"""Warn of masks that leave layers without weights or cut the net."""

from __future__ import annotations

import warnings

from dsd.engine.phase import Phase
from dsd.plan.emptied import remedy
from dsd.training.run import Run
from netdef.graph.cuts import find_cuts


class CutWarnings:
    """Warn once a phase of layers without weights, and once of a net that is cut."""

    def __init__(self) -> None:
        self._warned: set[tuple[int, str]] = set()  # (phase, first line of the warning)

    def check(self, run: Run) -> None:
        """Look at the masks in force; the first rank warns."""
        if run.masks and run.world.rank == 0 and (text := cut_text(run, run.phase_in_force)) is not None:
            warning = (run.begun, text.splitlines()[0])
            if warning not in self._warned:
                self._warned.add(warning)
                warnings.warn(text, stacklevel=2)


def cut_text(run: Run, phase: Phase) -> str | None:
    """The warning about the masks in force, with numbers and what would help; None if there is none."""
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
