"""A net built anew from a changed text, with the weights and masks that it had."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

import torch

from netdef.definition.definitions import NetDefinition
from netdef.errors import NetdefError, did_you_mean
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.schema.messages import NetParameter


@torch.no_grad()
def rebuilt(net: Net, spec: NetDefinition, without: Container[str] = ()) -> Net:
    """The net of ``spec``; layers of the same name, but those in ``without``, get their weights and masks from ``net``."""
    made = build_net(spec, next(net.parameters(), torch.empty(0)).device, fill=False)
    for key, blobs in made.params.items():
        if key not in without:
            for mine, theirs in zip(blobs, net.params[key]):
                mine.copy_(theirs)
    for key, mask in made.masks.items():
        if key in net.masks:
            mask.set(net.masks[key].kept)
    return made


def cut_to(net: NetDefinition, outputs: list[str]) -> NetDefinition:
    """The filtered net without the layers that none of these blobs needs.

    Raises `NetdefError` for a blob that is not there, or that another of them is made of and so would be no output.
    """
    makers: dict[str, list[int]] = {}
    for i, layer in enumerate(net.layers):
        for top in layer.tops:
            makers.setdefault(top, []).append(i)
    for blob in outputs:
        if blob not in makers:
            raise NetdefError(f"the net has no blob `{blob}`{did_you_mean(blob, makers)}")
    needed: set[int] = set()
    open_ = [makers[blob][-1] for blob in outputs]
    while open_:
        i = open_.pop()
        if i not in needed:
            needed.add(i)
            for bottom in net.layers[i].bottoms:  # the version that it reads: made last before it
                open_ += [j for j in makers.get(bottom, ()) if j < i][-1:]
    for i in needed:
        for blob in set(net.layers[i].bottoms) & set(outputs):
            if blob not in net.layers[i].tops:
                raise NetdefError(f"`{blob}` is no output of what is left: layer `{net.layers[i].name}` reads it for another")
    kept = sorted(needed)
    message = NetParameter()
    message.CopyFrom(net.message)
    del message.layer[:]
    message.layer.extend(net.message.layer[i] for i in kept)
    return replace(net, message=message, where=net.where.replace(layer=[net.where.child("layer", i) for i in kept]))
