"""Choose the layers of a net for a phase: include and exclude rules, as in Caffe's Net::FilterNet."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from netdef.definition.definitions import NetDefinition, PhaseName
from netdef.errors import did_you_mean
from netdef.schema import messages
from netdef.schema.messages import LayerParameter, NetState, NetStateRule


def filter_net(
    net: NetDefinition, phase: PhaseName, level: int = 0, stages: Sequence[str] = (), solver: bool | None = None
) -> NetDefinition:
    """The net without the layers that its rules exclude from this state, and with its phase set.

    The stages of the net's own ``state`` are added to ``stages``, as Caffe does; its level is used where ``level`` is 0;
    its phase is not used. ``solver`` says whether a solver makes the net; None leaves that to the net's state. The rules stay in
    the message; filtering again for the same state changes nothing.
    """
    if phase not in messages.Phase.keys():
        raise ValueError(f'the phase is {phase!r}; it must be "TRAIN" or "TEST"')
    _warn_of_unknown_stages(net, stages)
    own = net.message.state
    state = NetState(phase=messages.Phase.Value(phase), level=level or own.level, stage=[*own.stage, *stages],
                     solver=own.solver if solver is None else solver)
    included = [is_included(layer.message, state) for layer in net.layers]
    kept = net.with_layers((layer.message, layer.where) for layer, keep in zip(net.layers, included) if keep)
    left_out = [layer for layer, keep in zip(net.layers, included) if not keep]
    return replace(kept, phase=phase, left_out=(*net.left_out, *left_out), state=state)


def _warn_of_unknown_stages(net: NetDefinition, stages: Sequence[str]) -> None:
    """Warn of stages that are given and that no layer's rules name."""
    rules = [rule for layer in (*net.layers, *net.left_out) for rule in (*layer.message.include, *layer.message.exclude)]
    known = sorted({stage for rule in rules for stage in (*rule.stage, *rule.not_stage)})
    for stage in stages:
        if stage not in known:
            named = f"; they name {', '.join(f'`{other}`' for other in known)}" if known else ""
            warnings.warn(f"no layer's rules name the stage `{stage}`{did_you_mean(stage, known) or named}", stacklevel=3)


def is_included(layer: LayerParameter, state: NetState) -> bool:
    """Whether a state includes a layer: an include rule holds, or there is none and no exclude rule holds."""
    if layer.include:
        return any(meets(state, rule) for rule in layer.include)
    return not any(meets(state, rule) for rule in layer.exclude)


def what_brings(layer: LayerParameter, state: NetState) -> str:
    """Say which stages, or which word in the net, make a state include a layer that it excludes; empty if neither can."""
    wider = deepcopy(state)
    wider.solver = True
    if is_included(layer, wider):
        return "; `state { solver: true }` in the net brings it"
    for rule in layer.include or layer.exclude:
        more = [stage for stage in rule.stage if stage not in state.stage] if layer.include else rule.not_stage[:1]
        wider = deepcopy(state)
        wider.stage.extend(more)
        if more and is_included(layer, wider):
            return f"; `--stage {','.join(more)}` brings it"
    return ""


def meets(state: NetState, rule: NetStateRule) -> bool:
    """Whether every part of the rule holds; a rule without parts always holds."""
    return (
        (not rule.HasField("phase") or rule.phase == state.phase)
        and (not rule.HasField("min_level") or rule.min_level <= state.level)
        and (not rule.HasField("max_level") or rule.max_level >= state.level)
        and (not rule.HasField("solver") or rule.solver == state.solver)
        and set(rule.stage) <= set(state.stage)
        and not set(rule.not_stage) & set(state.stage)
    )
