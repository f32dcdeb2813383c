"""Apply a conversion's changes to a net with its weights: masks and batch normalisation."""

from __future__ import annotations

from typing import NamedTuple

from netdef.convert.edits.fold_batch_norm import Fold, fold_batch_norm
from netdef.convert.edits.masks import add_default_masks, masks_in_text, masks_of_zeros, with_masks, without_masks
from netdef.convert.edits.rebuild import rebuilt
from netdef.convert.options import ChangeOptions
from netdef.graph.net import Net


class Changed(NamedTuple):
    """The result of `change`. ``net`` is the changed net; ``source`` is the net to compare with; ``folds`` were folded."""

    source: Net
    net: Net
    folds: list[Fold]


def change(net: Net, options: ChangeOptions) -> Changed:
    """The net with all changes made: ``masks_from``, ``add_masks``, ``fold_bn`` and ``strip_masks``, in this order.

    Masks from zeros or a file may prune weights, so the source is the net after them. Raises `NetdefError` or
    `FileError` where there are no masks to make.
    """
    if options.masks_from is not None:
        kept = masks_of_zeros(net) if options.masks_from == "zeros" else masks_in_text(net, options.masks_from)
        net = with_masks(net, kept)
    source, folds = net, list[Fold]()
    if options.add_masks:
        net = rebuilt(net, add_default_masks(net.spec, options.sparsity))
    if options.fold_bn:
        net, folds = fold_batch_norm(net)
    if options.strip_masks:
        net = without_masks(net)
    return Changed(source, net, folds)
