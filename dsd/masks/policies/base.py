"""The base class of mask policies, and their registry by the names in the schema.

A policy is a frozen dataclass in a file of its own in this folder. To add one: write the file, its class under
`register`, and add its name to `DsdPhase.MaskPolicy` in ``netdef/schema/netdef.proto``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, Protocol, TypeVar

from torch import Tensor

from dsd.masks.mask import NamedWeight, WeightMask
from netdef.schema import messages


class Complain(Protocol):
    """Report a mistake in a phase, at the place of the field ``path``."""

    def __call__(self, text: str, *path: str | int) -> None: ...


class MaskPolicy(ABC):
    """The choice of masks in a sparse phase. Subclasses are frozen dataclasses; their fields are the policy's numbers.

    Iterations count from the beginning of the phase. Methods return new masks and change nothing. Counts are exact, ties
    go to the lower index, and random choices follow from a seed.

    Attributes:
        name: its name in `DsdPhase.MaskPolicy`, set by `register`.
        message_fields: fields of `DsdPhase` that other policies refuse.
        learns_under_mask: pruned weights keep learning outside the net: gradients pass straight through the mask.
        remembers_threshold: the policy needs `WeightMask.threshold` later in the phase.
        splits_by_magnitude: one magnitude on entry separates kept from pruned weights, for the whole phase. Such a policy
            allows ``scope: GLOBAL``, one threshold over several layers.
    """

    name: ClassVar[str]
    message_fields: ClassVar[tuple[str, ...]] = ()
    learns_under_mask: ClassVar[bool] = False
    remembers_threshold: ClassVar[bool] = False
    splits_by_magnitude: ClassVar[bool] = False

    @classmethod
    def read(cls, message: messages.DsdPhase, complain: Complain) -> MaskPolicy:
        """Read the policy from a phase's message, and report mistakes in its fields.

        The default is for policies without fields of their own.
        """
        require_sparsity(cls.name, message, complain)
        return cls()

    @property
    def sparsity(self) -> float | None:
        """The sparsity that the policy's own numbers imply; None if the text states it."""
        return None

    def share(self, stated: float | None) -> float | None:
        """The sparsity of a layer, given what the text states for it; None keeps all of it."""
        return stated

    @abstractmethod
    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        """Make the mask with which the phase begins. Raises `MaskError` for weights that cannot be ranked."""

    def changes_at(self, iteration: int) -> bool:
        """Whether masks may change before this iteration; never before the first, 0."""
        return False

    def changed_mask(
        self, weight: NamedWeight, mask: WeightMask, sparsity: float, iteration: int, seed: int
    ) -> Tensor | None:
        """Make the mask for this iteration and later ones from the current one; None if it stays."""
        return None

    @abstractmethod
    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> int | None:
        """Number of weights kept in an iteration; None if it depends on their values."""


P = TypeVar("P", bound=type[MaskPolicy])
_registry: dict[str, type[MaskPolicy]] = {}


def register(name: str) -> Callable[[P], P]:
    """Class decorator: register a policy under its name in the schema. Raises ValueError if the name is taken."""

    def claim(cls: P) -> P:
        if name in _registry:
            raise ValueError(f"mask policy {name} is already {_registry[name].__qualname__}")
        cls.name = name
        _registry[name] = cls
        return cls

    return claim


def registered() -> dict[str, type[MaskPolicy]]:
    """The policies registered so far, by name. `dsd.masks.policies.registry.policies` has all."""
    return _registry


def require_sparsity(name: str, message: messages.DsdPhase, complain: Complain) -> None:
    """Report a phase that states a policy but no sparsity."""
    if message.HasField("mask_policy") and not states_sparsity(message):
        complain(f"the phase has `mask_policy: {name}` but no `sparsity`, so nothing would be pruned", "mask_policy")


def states_sparsity(message: messages.DsdPhase) -> bool:
    """Whether a phase states a sparsity, for all layers or for some."""
    return message.HasField("sparsity") or bool(message.layer)


def prunes(message: messages.DsdPhase) -> bool:
    """Whether a phase prunes: it states a sparsity, or a policy that implies one."""
    return states_sparsity(message) or message.HasField("mask_policy")


def read_mask_end(message: messages.DsdPhase, complain: Complain) -> int:
    """Read ``mask_end``, the iteration of the phase from which masks stay: half the phase by default."""
    if not message.HasField("mask_end"):
        return message.max_iter // 2
    if message.max_iter > 0 and not 0 <= message.mask_end < message.max_iter:
        complain(
            f"`mask_end` is {message.mask_end}; it must be at least 0 and below the phase's `max_iter` {message.max_iter}",
            "mask_end")
    return message.mask_end
