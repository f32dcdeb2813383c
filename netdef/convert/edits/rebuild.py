"""Build a net again from a changed definition."""

from __future__ import annotations

from collections.abc import Container

import torch

from netdef.definition.definitions import NetDefinition
from netdef.graph.build import build_net
from netdef.graph.net import Net


@torch.no_grad()
def rebuilt(net: Net, spec: NetDefinition, without: Container[str] = ()) -> Net:
    """The net of ``spec``, with the weights and masks of ``net`` in layers of the same name.

    Layers named in ``without`` are left uninitialised.
    """
    made = build_net(spec, next(net.parameters(), torch.empty(0)).device, fill=False)
    for key, blobs in made.params.items():
        if key not in without:
            for mine, theirs in zip(blobs, net.params[key]):
                mine.copy_(theirs)
    for key, mask in made.masks.items():
        if key in net.masks:
            mask.set(net.masks[key].kept)
    return made
