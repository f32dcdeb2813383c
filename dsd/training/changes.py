"""Differences between a snapshot and the text of a run that goes on from it: told, each with its place, or refused.

Refused is what leaves no sensible reading: histories of another update rule, a phase that is over and had another length, a
phase in progress that is sparse in one and dense in the other. A phase in progress keeps the masks that it began with, and
how they change, to its end. Everything else is taken from the text, and told.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from google.protobuf.message import Message
from google.protobuf.text_format import MessageToString

from dsd.masks.policies.base import prunes
from dsd.plan.phases import with_masks_of
from dsd.training.run import Run
from netdef.errors import Problems
from netdef.schema import messages

_NETS = ("net", "net_param", "train_net", "test_net", "train_net_param", "test_net_param")
_WITHOUT_EFFECT = {  # on the weights to come, or compared apart from these
    *_NETS, "train_state", "test_state", "test_iter", "test_interval", "test_compute_loss", "test_initialization",
    "ap_version", "eval_type", "show_per_class_result", "display", "average_loss", "max_iter", "snapshot", "snapshot_prefix",
    "snapshot_diff", "snapshot_format", "snapshot_after_train", "solver_mode", "device_id", "random_seed", "debug_info",
    "layer_wise_reduce", "weights", "dsd_phase", "solver_type",
}  # fmt: skip
_OF_THE_MASKS = (
    "sparsity", "layer", "exclude", "constraint", "clip_scope", "scope", "mask_policy", "mask_end", "update_interval", "n", "m",
    "channel_norm", "c_rate", "splice_gamma", "splice_power")
_AT_THE_START = ("solver_state", "regrow")
_MOMENTUM = {"SGD", "Nesterov"}  # their histories are the same


def settings_of(run: Run) -> messages.SolverParameter:
    """The solver as a snapshot holds it: without nets, and with the phases as they were planned, not as they ended."""
    found = messages.SolverParameter()
    found.CopyFrom(run.settings)
    for field in _NETS:
        found.ClearField(field)
    stated = [*found.dsd_phase]
    del found.dsd_phase[:]
    for index, phase in enumerate(run.phases):
        planned = found.dsd_phase.add()
        if stated:
            planned.CopyFrom(stated[index])
        elif phase.sparsity is not None:
            planned.sparsity = phase.sparsity
        planned.name, planned.max_iter = phase.name, run.ended.get(index, phase.length)
        if phase.until is not None:
            planned.until_converged.CopyFrom(phase.until.message())
    return found


def settle(run: Run, saved: messages.DsdState, iteration: int) -> None:
    """Tell the differences, on the first rank, and give the phase in progress the masks of the snapshot.

    Raises `SpecError` for what cannot go on. Snapshots without settings, of the original program or an earlier version, are
    taken as they are.
    """
    if not saved.HasField("solver"):
        return
    refused, told = Problems(), Problems()
    _rule(run, saved.solver, refused, told)
    now = settings_of(run)
    for field, text in _differences(saved.solver, now, _WITHOUT_EFFECT | {"type"}):
        told.add(f"{text}: goes on as the text says", run.spec.span(field))
    _phases(run, saved, now, iteration, refused, told)
    _data(run, saved, told)
    if saved.precision != (run.precision.name or ""):
        now_in, was_in = (name or "not given" for name in (run.precision.name, saved.precision))
        told.add(f"the precision is {now_in}, in the snapshot {was_in}: goes on as the command says")
    refused.raise_any()
    for problem in told if run.world.rank == 0 else ():
        warnings.warn(str(problem), stacklevel=2)
    _keep_masks(run, saved, now)


def _rule(run: Run, before: messages.SolverParameter, refused: Problems, told: Problems) -> None:
    was, now = before.type, run.settings.type
    if was == now:
        return
    text = f"`type` is \"{now}\", of the snapshot \"{was}\""
    if {was, now} <= _MOMENTUM:
        told.add(f"{text}: its momentum is taken over", run.spec.span("type"))
    else:
        refused.add(f"{text}, whose histories mean something else; start from its weights with --weights", run.spec.span("type"))


def _phases(
    run: Run, saved: messages.DsdState, now: messages.SolverParameter, iteration: int, refused: Problems, told: Problems
) -> None:
    before, current = saved.solver.dsd_phase, saved.phase_index
    for index in range(max(len(before), len(now.dsd_phase))):
        span = run.spec.span("dsd_phase", index)
        if index >= len(now.dsd_phase) or index >= len(before):
            what, where = ("is gone", before) if index >= len(now.dsd_phase) else ("is new", now.dsd_phase)
            told.add(f"phase {index + 1}, `{where[index].name}`, {what}: goes on as the text says", run.spec.span("dsd_phase"))
            continue
        name = f"phase {index + 1}, `{now.dsd_phase[index].name}`"
        length, was = now.dsd_phase[index].max_iter, before[index].max_iter
        done = iteration - run.phases[index].start
        if index < current and length != was:
            refused.add(f"{name}, has {length} iterations, in the snapshot {was}, and is over there: phases after it would "
                        "begin elsewhere; give it its length, or start from the weights with --weights", span)
        if index == current and done > length and index not in run.ended:
            refused.add(f"{name}, has {length} iterations; the snapshot has done {done} of it", span)
        if index == current and prunes(before[index]) != prunes(now.dsd_phase[index]):
            kind = "sparse" if prunes(now.dsd_phase[index]) else "dense"
            refused.add(f"{name}, is {kind}, and in progress in the snapshot, where it is not: let it end as it began, or start "
                        "from the weights with --weights", span)
        for field, text in _differences(before[index], now.dsd_phase[index], {"name"}):
            told.add(f"{name}: {text}{_meaning(field, index, current)}", run.spec.span("dsd_phase", index, field))


def _meaning(field: str, index: int, current: int) -> str:
    """The effect of a field of a phase that differs, in words."""
    if index < current or (index == current and field in _AT_THE_START):
        return ": without effect, this is over"
    if index == current and field in _OF_THE_MASKS:
        return ": the phase is in progress, and goes on with the snapshot's to its end"
    return ": goes on as the text says"


def _data(run: Run, saved: messages.DsdState, told: Problems) -> None:
    if run.seed_given and run.seed != saved.seed:
        told.add(f"the seed is {run.seed}, of the snapshot {saved.seed}: goes on with the snapshot's, so that the data keep "
                 "their order", run.spec.span("random_seed"))
    feeds = run.net.feeds
    places = {layer.name: layer.span() for layer in run.net.spec.layers}
    if len(saved.batch_size) != len(feeds):
        told.add(f"the net has {len(feeds)} data layers, the snapshot {len(saved.batch_size)}: data go on from their first batch")
        return
    for index, was in enumerate(saved.batch_size):
        feed = feeds[index]
        if feed.batch_size != was:
            told.add(f"the batch_size of `{feed.name}` is {feed.batch_size}, in the snapshot {was}: goes on as the text says, at "
                     f"batch {saved.feed_position[index]}", places.get(feed.name))
    if saved.ranks != run.world.size:
        told.add(f"{run.world.size} processes train, for the snapshot {saved.ranks} did: an iteration sees {run.world.size} "
                 "batches of each data layer")


def _keep_masks(run: Run, saved: messages.DsdState, now: messages.SolverParameter) -> None:
    """Give the phase in progress the masks of the snapshot's text."""
    index = saved.phase_index
    before = saved.solver.dsd_phase[index]
    if any(field in _OF_THE_MASKS for field, _ in _differences(before, now.dsd_phase[index], {"name"})):
        ours = with_masks_of(run.phases[index], run.spec, before)
        run.phases = (*run.phases[:index], ours, *run.phases[index + 1 :])
        run.keeper.phases = run.phases


def _differences(before: Message, now: Message, ignored: set[str]) -> Iterator[tuple[str, str]]:
    """(field, what it is and was) of the fields that differ."""
    for name in now.DESCRIPTOR.fields_by_name:
        if name not in ignored:
            is_now, was = (_text(message, name) for message in (now, before))
            if is_now != was:
                yield name, f"`{name}` is {is_now}, in the snapshot {was}"


def _text(message: Message, name: str) -> str:
    """A field's value as in a prototxt; ``not given`` for one without a value or default."""
    field, value = message.DESCRIPTOR.fields_by_name[name], getattr(message, name)
    repeated = not isinstance(value, (Message, str, bytes, bool, int, float))
    if not repeated and not field.has_default_value and not message.HasField(name):
        return "not given"
    shown = []
    for one in value if repeated else [value]:
        if isinstance(one, Message):
            shown.append(f"{{ {MessageToString(one, as_one_line=True)} }}")
        elif field.enum_type is not None:
            shown.append(field.enum_type.values_by_number[one].name)
        else:
            shown.append(f'"{one}"' if isinstance(one, str) else f"{one:g}" if isinstance(one, float) else str(one))
    return " ".join(shown) or "not given"
