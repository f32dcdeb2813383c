"""Show an audit as a table."""

from __future__ import annotations

from rich.table import Table

from dsd.engine.audit import Audit


def audit_table(audit: Audit) -> Table:
    """A row for each mask, and the hash and the verdict below."""
    when = "" if audit.iteration is None else f", iteration {audit.iteration:,}"
    table = Table(title=f"Audit of {audit.what.replace('`', '')}{when}", title_justify="left", caption_justify="left")
    columns = {
        "layer": [layer.layer for layer in audit.layers],
        "weights kept": [f"{layer.kept:,}" for layer in audit.layers],
        "the phase says": ["" if layer.wanted is None else f"{layer.wanted:,}" for layer in audit.layers],
        "largest pruned weight": [
            "-0" if layer.not_zero and layer.largest_pruned == 0 else f"{layer.largest_pruned:g}"
            for layer in audit.layers],
        "largest history of one": [
            "" if layer.largest_history is None else f"{layer.largest_history:.4g}" for layer in audit.layers],
    }
    shown = {heading: cells for heading, cells in columns.items() if any(cells)}
    for heading in shown:
        table.add_column(heading, justify="left" if heading == "layer" else "right", overflow="fold")
    for row in zip(*shown.values()):
        table.add_row(*row)
    ranks = f", equal on {audit.ranks} ranks" if audit.ranks > 1 and audit.holds else ""
    verdict = "every check passes" if audit.holds else f"checks that fail: {len(audit.violations)}"
    empty = [layer.layer for layer in audit.layers if layer.weights and not layer.kept]
    nothing = f"; nothing is kept of {', '.join(empty)}" if empty else ""
    table.caption = f"masks {audit.mask_hash[:16]}{ranks}; {verdict}{nothing}"
    if audit.holds and all(layer.kept == layer.weights for layer in audit.layers):  # as after a re-dense phase
        table.caption = "every mask keeps all its weights: nothing is pruned"
    return table
