"""Which layers a net has in a phase: the include and exclude rules, as Caffe's Net::FilterNet reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netdef.definition.definitions import NetDefinition, PhaseName
from netdef.schema import messages
from netdef.schema.messages import LayerParameter, NetParameter, NetState, NetStateRule


def filter_net(net: NetDefinition, phase: PhaseName, level: int = 0, stages: Sequence[str] = ()) -> NetDefinition:
    """The net without the layers that its rules keep out of this state, and with its phase set.

    The rules stay in the message; filtering twice for the same state changes nothing.
    """
    state = NetState(phase=messages.Phase.Value(phase), level=level, stage=stages)
    kept = [i for i, layer in enumerate(net.message.layer) if is_included(layer, state)]
    message = NetParameter()
    message.CopyFrom(net.message)
    del message.layer[:]
    message.layer.extend(net.message.layer[i] for i in kept)
    where = net.where.replace(layer=[net.where.child("layer", i) for i in kept])
    left_out = [layer for i, layer in enumerate(net.layers) if i not in kept]
    return replace(net, message=message, where=where, phase=phase, left_out=(*net.left_out, *left_out))


def is_included(layer: LayerParameter, state: NetState) -> bool:
    """Whether a layer is there in a state: some include rule holds, or there is none and no exclude rule holds."""
    if layer.include:
        return any(meets(state, rule) for rule in layer.include)
    return not any(meets(state, rule) for rule in layer.exclude)


def meets(state: NetState, rule: NetStateRule) -> bool:
    """Whether every part of the rule holds; a rule without parts always does."""
    return (
        (not rule.HasField("phase") or rule.phase == state.phase)
        and (not rule.HasField("min_level") or rule.min_level <= state.level)
        and (not rule.HasField("max_level") or rule.max_level >= state.level)
        and set(rule.stage) <= set(state.stage)
        and not set(rule.not_stage) & set(state.stage)
    )
