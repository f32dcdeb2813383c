"""The options of a conversion: files, reading, changes, comparison. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from netdef.definition.definitions import PhaseName

TEXTS = (".prototxt", ".pbtxt", ".txt")


class Files(NamedTuple):
    """The files of a conversion.

    ``text`` is None for the net that the first of ``weights`` carries, ``out`` None to show what is in the model.
    """

    text: str | None
    weights: list[str]
    out: str | None

    @property
    def source(self) -> str:
        """The file that names the model: its text, else its weights."""
        return self.text or self.weights[0]


@dataclass(frozen=True)
class OpenOptions:
    """Options for reading a model.

    Attributes:
        phase, level, stages: the state that the net is filtered for.
        deploy: replace data layers by inputs and losses by the answers within them.
        shapes: {top of a data layer: shape of the input in its place}; with any, ``deploy`` is implied.
        outputs: blobs to end the net with; none for all of the net.
        partial: accept layers that have no weights in the files; they are filled as for training.
        lenient, allow_python: as for `netdef.load`.
    """

    phase: PhaseName = "TEST"
    level: int = 0
    stages: tuple[str, ...] = ()
    deploy: bool = False
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    partial: bool = False
    lenient: bool = False
    allow_python: bool = False


@dataclass(frozen=True)
class ChangeOptions:
    """The changes to make in a model.

    Attributes:
        masks_from: ``"zeros"`` to make masks of the zeros in the weights, or the path of a mask file; None for neither.
        add_masks: add a Mask to every weight that DSD prunes, and write ``sparsity`` into it.
        strip_masks: take all Mask layers out; pruned weights stay zero.
        fold_bn: fold batch normalisation into the layers before it.
    """

    masks_from: str | None = None
    add_masks: bool = False
    sparsity: float | None = None
    strip_masks: bool = False
    fold_bn: bool = False


@dataclass(frozen=True)
class VerifyOptions:
    """Options for comparing the result with the source.

    Attributes:
        verify: run both on random numbers, drawn after ``seed``, or on the net's own data.
        input_file: run both on this file, too (.npy, .npz, an image).
        tolerance: the largest difference accepted, as a share of the range of a blob's values.
        blobs: compare every blob, not the outputs only.
        reference: a .npz of recorded inputs and outputs to compare the source with.
        mean, scale, swap_channels: prepare the inputs of ``input_file`` and ``reference``: reverse their channels,
            subtract ``mean`` (``B,G,R``, or the path of a mean image), multiply by ``scale``.
    """

    verify: bool = True
    tolerance: float = 1e-4
    blobs: bool = False
    input_file: str | None = None
    reference: str | None = None
    mean: str | None = None
    scale: float | None = None
    swap_channels: bool = False
    seed: int = 0
