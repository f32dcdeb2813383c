"""Warnings about data that the report of a run lacks."""

from __future__ import annotations

from dsd.report.run_metrics import RunMetrics


def missing(run: RunMetrics) -> list[str]:
    """Sentences about what is damaged, missing or uncertain in the metrics of a run."""
    sentences = []
    if run.failure is not None:
        sentences.append(f"The run ended with an error. {run.failure}")
    if run.damaged:
        which = ", ".join(map(str, run.damaged[:5])) + (", ..." if len(run.damaged) > 5 else "")
        sentences.append(f"Damaged lines of {run.path.name} are left out: {which}.")
    if run.starts[0]["iteration"]:
        sentences.append(f"The file begins at iteration {run.starts[0]['iteration']:,}: what was before is in another file.")
    moments = [(layer, m) for layer, found in run.layers.items() for m in found]
    if not moments and any(p.sparse and run.iteration > p.start for p in run.phases):
        sentences.append("Nothing about the weights was recorded: no histograms, regrowth, overlap or drift. Was the run"
                         " made by an earlier version?")
    lost = {m.title for _, m in moments if m.which == "end" and m.drift is None}
    if lost:
        sentences.append(f"Drift is not known at the {', '.join(sorted(lost))}: the run was resumed on the way, and the snapshot"
                         " of the phase's beginning was not there any more.")
    for found in run.layers.values():
        sparse = [m for m in found if m.kept is not None and m.which == "end"]
        if any(m.overlap is None for m in sparse[1:]):
            sentences.append("The overlap of some masks is not known: the run was resumed, and the snapshot with the earlier"
                             " mask was not there any more.")
            break
    if any(m.regrown is not None and m.regrown.threshold is None for found in run.layers.values() for m in found):
        sentences.append("Where masks were not made by one magnitude threshold (a `mask_policy` other than FIXED), large and"
                         " small regrown weights are not told apart.")
    return sentences
