"""Keep the zeros that a file of weights has, for a whole net, as solvers of caffe-jacinto ask."""

from __future__ import annotations

from dsd.plan.masks import already_masked
from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.layers.pruning import attach_masks, can_be_masked, shared_with
from netdef.schema.messages import MaskParameter


def with_staying_zeros(net: NetDefinition, solver: SolverDefinition) -> NetDefinition:
    """The net with a Mask that keeps the zeros of a weight file for each weight that the solver wants so.

    ``sparse_mode: SPARSE_UPDATE`` is about convolutions, ``weight_connect_mode: WEIGHT_DISCONNECTED_ELTWISE`` about every
    layer with weights. As with `connectivity_mode`, what is below 1e-4 counts as zero. Layers with a Mask keep it.
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
