"""Add Masks that keep the zeros of weight files to a whole net, for fields of caffe-jacinto's solvers."""

from __future__ import annotations

from dsd.plan.masks import already_masked
from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.graph.pruning import attach_masks, can_be_masked, shared_with
from netdef.schema.messages import MaskParameter


def with_staying_zeros(net: NetDefinition, solver: SolverDefinition) -> NetDefinition:
    """The net with a Mask that keeps the zeros of a weight file for each weight that the solver's fields select.

    ``sparse_mode: SPARSE_UPDATE`` selects convolutions, ``weight_connect_mode: WEIGHT_DISCONNECTED_ELTWISE`` every layer with
    weights. As with `connectivity_mode`, magnitudes below 1e-4 count as zero. Layers with a Mask keep it.
    """
    message = solver.message
    all_layers = message.weight_connect_mode == MaskParameter.WEIGHT_DISCONNECTED_ELTWISE
    if not all_layers and message.sparse_mode != MaskParameter.SPARSE_UPDATE:
        return net
    left_out = {*shared_with(net), *already_masked(net)}
    wanted = [layer.name for layer in net.layers
              if can_be_masked(layer) and layer.name not in left_out and (all_layers or layer.type == "Convolution")]
    known = {layer.name for layer in net.layers}
    masked = attach_masks(net, {name: None for name in wanted})
    for layer in masked.message.layer:
        if layer.type == "Mask" and layer.name not in known:
            layer.mask_param.zeros = MaskParameter.STAY
    return masked
