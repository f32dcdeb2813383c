"""Read the mask policy of a phase, and check what concerns all policies."""

from __future__ import annotations

from dsd.masks.policies.base import MaskPolicy
from dsd.masks.policies.registry import policies
from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems
from netdef.schema import messages


def read_policy(
    solver: SolverDefinition, message: messages.DsdPhase, place: tuple[str | int, ...], problems: Problems
) -> MaskPolicy:
    """Read the policy of a phase; mistakes are added to ``problems`` with their places."""

    def complain(text: str, *path: str | int) -> None:
        problems.add(text, solver.span(*place, *path))

    known = policies()
    name = messages.DsdPhase.MaskPolicy.Name(message.mask_policy)
    chosen = known[name]
    for field, owners in _owners(known).items():
        if message.HasField(field) and field not in chosen.message_fields:
            complain(f"`{field}` is for `mask_policy: {' or '.join(owners)}`; this phase has {name}", field)
    if message.scope == messages.DsdPhase.GLOBAL and not chosen.splits_by_magnitude:
        can = [policy.name for policy in known.values() if policy.splits_by_magnitude]
        complain(f"`scope: GLOBAL` goes with `mask_policy: {' or '.join(can)}`; this phase has {name}", "scope")
    return chosen.read(message, complain)


def _owners(known: dict[str, type[MaskPolicy]]) -> dict[str, list[str]]:
    """{field: the policies that read it}."""
    owners: dict[str, list[str]] = {}
    for name, policy in known.items():
        for field in policy.message_fields:
            owners.setdefault(field, []).append(name)
    return owners
