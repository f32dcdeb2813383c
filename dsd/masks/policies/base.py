"""What every mask policy answers, and the registry of policies by their names in the schema.

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
    """Note what is wrong with a phase, at the place of the field that ``path`` leads to."""

    def __call__(self, text: str, *path: str | int) -> None: ...


class MaskPolicy(ABC):
    """How a sparse phase chooses its masks. Subclasses are frozen dataclasses; their fields are the policy's numbers.

    Iterations count from the beginning of the phase. A policy changes nothing itself, and what it does is exact: counts
    are integers, ties go to the lower index, and what is random follows from a seed.

    Attributes:
        name: its name in `DsdPhase.MaskPolicy`, set by `register`.
        message_fields: the fields of the message that only this policy, or few, read.
        learns_under_mask: pruned weights go on learning, unseen: gradients go straight through the mask.
        remembers_threshold: `WeightMask.threshold` is needed when a run goes on.
        splits_by_magnitude: the first mask keeps all weights above one magnitude and none below, and never changes. Only
            then can one threshold be put over several layers (``scope: GLOBAL``).
    """

    name: ClassVar[str]
    message_fields: ClassVar[tuple[str, ...]] = ()
    learns_under_mask: ClassVar[bool] = False
    remembers_threshold: ClassVar[bool] = False
    splits_by_magnitude: ClassVar[bool] = False

    @classmethod
    def read(cls, message: messages.DsdPhase, complain: Complain) -> MaskPolicy:
        """The policy that a phase's text describes, with complaints about what makes no sense.

        A policy with fields of its own overrides this.
        """
        require_sparsity(cls.name, message, complain)
        return cls()

    @property
    def sparsity(self) -> float | None:
        """The sparsity that follows from the policy's own numbers, if it does."""
        return None

    def share(self, stated: float | None) -> float | None:
        """The sparsity of a layer for which the text states this one (None: nothing). None leaves the layer alone."""
        return stated

    @abstractmethod
    def first_mask(self, weight: NamedWeight, sparsity: float, seed: int) -> WeightMask:
        """The mask as the phase begins. Raises `MaskError` for weights that cannot be ranked."""

    def changes_at(self, iteration: int) -> bool:
        """Whether `changed_mask` is asked before this iteration; never for the first, 0."""
        return False

    def changed_mask(
        self, weight: NamedWeight, mask: WeightMask, sparsity: float, iteration: int, seed: int
    ) -> Tensor | None:
        """The weights kept from this iteration on, from the mask in force; None if it stays."""
        return None

    @abstractmethod
    def kept_count(self, weight: NamedWeight, sparsity: float, iteration: int) -> int | None:
        """How many weights are kept in an iteration; None where that depends on their values."""


P = TypeVar("P", bound=type[MaskPolicy])
_registry: dict[str, type[MaskPolicy]] = {}


def register(name: str) -> Callable[[P], P]:
    """Class decorator: this class is the policy of that name in the schema. Raises ValueError for a name that is taken."""

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
    """Complain if a phase states this policy but not how much to prune."""
    if message.HasField("mask_policy") and not states_sparsity(message):
        complain(f"the phase has `mask_policy: {name}` but no `sparsity`, so nothing would be pruned", "mask_policy")


def states_sparsity(message: messages.DsdPhase) -> bool:
    """Whether a phase states a sparsity, for all layers or for some."""
    return message.HasField("sparsity") or bool(message.layer)


def read_mask_end(message: messages.DsdPhase, complain: Complain) -> int:
    """The iteration of the phase from which masks stay: half the phase unless the text states ``mask_end``."""
    if not message.HasField("mask_end"):
        return message.max_iter // 2
    if message.max_iter > 0 and not 0 <= message.mask_end < message.max_iter:
        complain(
            f"`mask_end` is {message.mask_end}; it must be at least 0 and below the phase's `max_iter` {message.max_iter}",
            "mask_end")
    return message.mask_end
