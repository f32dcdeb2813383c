"""The state that observers of masked weights read: of a `dsd.training.run.Run` or of an attached run."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from dsd.engine.enforce import MaskKeeper


class MaskedRun(Protocol):
    """A run whose masks are in force."""

    @property
    def iteration(self) -> int:
        """Iterations done."""

    @property
    def keeper(self) -> MaskKeeper:
        """The weights that can be pruned, and the masks in force."""

    @property
    def masks(self) -> dict[str, Tensor]:
        """{key of a weight: kept} in force."""
