"""Join the LS, Transpose and InnerProduct layers of an extreme learning machine into one."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where


def upgrade_least_squares(net: NetDefinition) -> NetDefinition:
    """The net with an LSInnerProduct where an LS solves for the weight of an InnerProduct (a pull request to BVLC/caffe, 2015).

    There a Transpose without bottoms, of the shared blobs of both, is between them. The InnerProduct stays for the states that
    leave the LS out. Raises `SpecError` for an LS that no InnerProduct takes its weight from.
    """
    solvers = [layer for layer in net.layers if layer.type == "LS"]
    if not solvers:
        return net
    turned = [layer for layer in net.layers if layer.type == "Transpose" and not layer.bottoms]
    joined = {}
    for solver in solvers:
        names = {_shared(layer, 1) for layer in turned if _shared(layer, 0) == _shared(solver, 0)} - {""}
        takers = [layer for layer in net.layers if layer.type == "InnerProduct" and _shared(layer, 0) in names]
        if len(takers) != 1 or len(solver.bottoms) != 2 or len(takers[0].bottoms) != 1:
            raise solver.refuse("wants two bottoms, and its `param` as the first of a Transpose without bottoms, whose second is "
                                "the weight of one InnerProduct", "type")
        joined[takers[0].name] = takers[0], solver
    layers: list[tuple[LayerParameter, Where]] = []
    for layer in net.layers:
        pair = joined.get(layer.name)
        if pair is not None and pair[0] is layer:
            layers += _both(*pair)
        elif layer not in solvers and layer not in turned:
            layers.append((layer.message, layer.where))
    return net.with_layers(layers)


def _shared(layer: LayerDefinition, index: int) -> str:
    """The name of the blob at ``index``, by which it is shared; empty if it has none."""
    params: Sequence = layer.message.param
    return str(params[index].name) if index < len(params) else ""


def _both(taker: LayerDefinition, solver: LayerDefinition) -> list[tuple[LayerParameter, Where]]:
    """The layer with a weight that is solved for, and the one with its own for other states."""
    rules = [*solver.message.include, *solver.message.exclude]
    if rules and (taker.message.include or taker.message.exclude):
        raise taker.refuse(f"has rules beside those of `{solver.name}` (LS), which solves for its weight; give it none", "type")
    message = deepcopy(taker.message)
    message.type = "LSInnerProduct"
    message.bottom.extend(solver.bottoms)
    message.include.extend(solver.message.include)
    message.exclude.extend(solver.message.exclude)
    places = [taker.where.child("bottom", 0), *(solver.where.child("bottom", i) for i in range(2))]
    solved = message, taker.where.replace(bottom=places)
    if not rules:
        return [solved]
    plain = deepcopy(taker.message)
    plain.include.extend(solver.message.exclude)
    plain.exclude.extend(solver.message.include)
    return [solved, (plain, taker.where)]
