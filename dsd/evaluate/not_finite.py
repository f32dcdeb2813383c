"""Describe scores that are not finite: which outputs, in which batch, and the layer where that began."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from dsd.compute.precision import Precision
from dsd.evaluate.epoch import Batches
from netdef.graph.net import Net
from netdef.graph.not_finite import all_finite, first_not_finite


def describe_not_finite(
    net: Net, scores: Mapping[str, Tensor], batches: Batches, precision: Precision, device: torch.device
) -> str | None:
    """A sentence about the outputs that are not finite; None if all are.

    The batches are drawn and computed again up to the first whose outputs are not finite; not by a net that writes files.
    """
    broken = [f"`{name}`" for name, score in scores.items() if not all_finite([score])]
    if not broken:
        return None
    text = f"{', '.join(broken)} {'is' if len(broken) == 1 else 'are'} not finite"
    writes = any(layer.writes_files for layer in net.layers.values())
    where = None if writes else _first_batch(net, batches, precision, device)
    return text if where is None else f"{text}\n  {where}"


def _first_batch(net: Net, batches: Batches, precision: Precision, device: torch.device) -> str | None:
    forward = precision.of(net)
    net.feeds.seek([0] * len(net.feeds))
    for number in range(batches.count):
        batch = {name: tensor.to(device) for name, tensor in batches.cut(number, next(net.feeds)).items()}
        with torch.no_grad():
            outputs = forward(**batch)
        if not all_finite(list(outputs.values())):
            with precision.passes():
                where = first_not_finite(net, batch)
            return f"batch {number} of {batches.count}" + (f", {where}" if where else "")
    return None
