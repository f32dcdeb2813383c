"""Compare a snapshot with the text of the run that resumes from it: accept each difference with a warning, or refuse it.

These differences are refused: histories of another update rule, another length of a phase that is over, a phase in progress
that is sparse in one and dense in the other. A phase in progress keeps the snapshot's masks, and how they change, to its end.
Everything else is taken from the text. Warnings and errors have the places in the text.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from google.protobuf.message import Message
from google.protobuf.text_format import MessageToString

from dsd.masks.policies.base import prunes
from dsd.masks.policies.registry import policies
from dsd.plan.phases import with_masks_of
from dsd.training.run import Run
from netdef.errors import Problems
from netdef.schema import messages

_NETS = ("net", "net_param", "train_net", "test_net", "train_net_param", "test_net_param")
_WITHOUT_EFFECT = {  # on the weights to come, or compared apart from these
    *_NETS, "train_state", "test_state", "test_iter", "test_net_reset", "test_interval", "test_compute_loss",
    "test_initialization",
    "ap_version", "eval_type", "show_per_class_result", "display", "average_loss", "max_iter", "snapshot", "snapshot_prefix",
    "snapshot_diff", "snapshot_format", "snapshot_after_train", "solver_mode", "device_id", "random_seed", "debug_info",
    "layer_wise_reduce", "weights", "dsd_phase", "solver_type",
}  # fmt: skip
_MASK_FIELDS = ("sparsity", "layer", "exclude", "constraint", "clip_scope", "scope", "mask_policy")  # and those of policies
_START_FIELDS = ("solver_state", "regrow")
_MOMENTUM = {"SGD", "Nesterov"}  # their histories are the same


def settings_of(run: Run) -> messages.SolverParameter:
    """The solver as a snapshot holds it: without nets, and with the phases as they were planned, not as they ended.

    A phase that went on with the masks of a snapshot has the fields that these were made with.
    """
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
            if (before := run.kept_masks.get(index)) is not None:
                _copy_mask_fields(before, planned)
        elif phase.sparsity is not None:
            planned.sparsity = phase.sparsity
        planned.name, planned.max_iter = phase.name, run.ended.get(index, phase.length)
        if phase.until is not None:
            planned.until_converged.CopyFrom(phase.until.message())
    return found


def reconcile(run: Run, saved: messages.DsdState, iteration: int) -> None:
    """Warn of accepted differences, on the first rank, and give the phase in progress the masks of the snapshot.

    Raises `SpecError` with all refused differences. Snapshots without settings, of the original program or an earlier
    version, are taken as they are.
    """
    if not saved.HasField("solver"):
        return
    refused, accepted = Problems(), Problems()
    _compare_rules(run, saved.solver, refused, accepted)
    now = settings_of(run)
    for field, text in _differences(saved.solver, now, _WITHOUT_EFFECT | {"type"}):
        accepted.add(f"{text}: goes on as the text says", run.spec.span(field))
    _compare_phases(run, saved, now, iteration, refused, accepted)
    _compare_data(run, saved, accepted)
    if saved.precision != (run.precision.name or ""):
        now_in, was_in = (name or "not given" for name in (run.precision.name, saved.precision))
        accepted.add(f"the precision is {now_in}, in the snapshot {was_in}: goes on as the command says")
    refused.raise_any()
    for problem in accepted if run.world.rank == 0 else ():
        warnings.warn(str(problem), stacklevel=2)
    _keep_masks(run, saved, now)


def _compare_rules(run: Run, before: messages.SolverParameter, refused: Problems, accepted: Problems) -> None:
    was, now = before.type, run.settings.type
    if was == now:
        return
    text = f"`type` is \"{now}\", of the snapshot \"{was}\""
    if {was, now} <= _MOMENTUM:
        accepted.add(f"{text}: its momentum is taken over", run.spec.span("type"))
    else:
        refused.add(f"{text}, whose histories are of another kind; start from its weights with --weights", run.spec.span("type"))


def _compare_phases(
    run: Run, saved: messages.DsdState, now: messages.SolverParameter, iteration: int, refused: Problems, accepted: Problems
) -> None:
    before, current = saved.solver.dsd_phase, saved.phase_index
    for index in range(max(len(before), len(now.dsd_phase))):
        span = run.spec.span("dsd_phase", index)
        if index >= len(now.dsd_phase) or index >= len(before):
            what, where = ("is gone", before) if index >= len(now.dsd_phase) else ("is new", now.dsd_phase)
            accepted.add(f"phase {index + 1}, `{where[index].name}`, {what}: goes on as the text says",
                         run.spec.span("dsd_phase"))
            continue
        name = f"phase {index + 1}, `{now.dsd_phase[index].name}`"
        length, was = now.dsd_phase[index].max_iter, before[index].max_iter
        done = iteration - run.phases[index].start
        if index < current and length != was:
            refused.add(f"{name}, has {length} iterations; in the snapshot it is over after {was}, so the next phases would "
                        f"begin elsewhere: give it {was}, or start from the weights with --weights", span)
        if index == current and done > length and index not in run.ended:
            refused.add(f"{name}, has {length} iterations; the snapshot has done {done} of it", span)
        if index == current and prunes(before[index]) != prunes(now.dsd_phase[index]):
            kind = "sparse" if prunes(now.dsd_phase[index]) else "dense"
            refused.add(f"{name}, is {kind}, and in progress in the snapshot, where it is not: give it its old text until it "
                        "ends, or start from the weights with --weights", span)
        for field, text in _differences(before[index], now.dsd_phase[index], {"name"}):
            accepted.add(f"{name}: {text}{_meaning(field, index, current)}", run.spec.span("dsd_phase", index, field))


def _meaning(field: str, index: int, current: int) -> str:
    """The effect of a field of a phase that differs, in words."""
    if index < current or (index == current and field in _START_FIELDS):
        return ": without effect, this is over"
    if index == current and _is_of_masks(field):
        return ": the phase is in progress, and goes on with the snapshot's to its end"
    return ": goes on as the text says"


def _compare_data(run: Run, saved: messages.DsdState, accepted: Problems) -> None:
    if run.seed_given and run.seed != saved.seed:
        accepted.add(f"the seed is {run.seed}, of the snapshot {saved.seed}: goes on with the snapshot's, so that the data keep "
                     "their order", run.spec.span("random_seed"))
    feeds = run.net.feeds
    places = {layer.name: layer.span() for layer in run.net.spec.layers}
    if len(saved.batch_size) != len(feeds):
        accepted.add(f"the net has {len(feeds)} data layers, the snapshot {len(saved.batch_size)}: data go on from their first "
                     "batch")
        return
    for index, was in enumerate(saved.batch_size):
        feed = feeds[index]
        if feed.batch_size != was:
            accepted.add(f"the batch_size of `{feed.name}` is {feed.batch_size}, in the snapshot {was}: goes on as the text "
                         f"says, at batch {saved.feed_position[index]}", places.get(feed.name))
    if saved.ranks != run.world.size:
        accepted.add(f"{run.world.size} processes train, for the snapshot {saved.ranks} did: an iteration sees {run.world.size} "
                     "batches of each data layer")


def _keep_masks(run: Run, saved: messages.DsdState, now: messages.SolverParameter) -> None:
    """Give the phase in progress the masks of the snapshot's text."""
    index = saved.phase_index
    before = saved.solver.dsd_phase[index]
    if any(_is_of_masks(field) for field, _ in _differences(before, now.dsd_phase[index], {"name"})):
        run.kept_masks[index] = before
        ours = with_masks_of(run.phases[index], run.spec, before)
        run.phases = (*run.phases[:index], ours, *run.phases[index + 1 :])
        run.keeper.phases = run.phases


def _copy_mask_fields(before: messages.DsdPhase, phase: messages.DsdPhase) -> None:
    """Put the fields that decide on a phase's masks into another text of it."""
    for name in filter(_is_of_masks, phase.DESCRIPTOR.fields_by_name):
        phase.ClearField(name)
    chosen = messages.DsdPhase()
    chosen.CopyFrom(before)
    for name in chosen.DESCRIPTOR.fields_by_name:
        if not _is_of_masks(name):
            chosen.ClearField(name)
    phase.MergeFrom(chosen)


def _is_of_masks(field: str) -> bool:
    """Whether a field of a phase decides on its masks."""
    return field in _MASK_FIELDS or any(field in policy.message_fields for policy in policies().values())


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
