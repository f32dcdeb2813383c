"""Compare two nets blob by blob: the source of a conversion and its result, or a net and recorded outputs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from netdef.convert.inputs import Preparation, given_inputs, read_arrays
from netdef.errors import FileError, NetdefError
from netdef.graph.net import Net
from netdef.layers.core.shapes import Shape


class DiffersError(NetdefError):
    """Outputs differ by more than the tolerance. Commands exit with status 1."""

    exit_status = 1


class Difference(NamedTuple):
    """The difference of a blob of the result from the source's.

    ``relative`` is ``absolute`` over the range of the source's; ``finite`` is whether all values of the source's are.
    """

    blob: str
    shape: Shape
    absolute: float
    relative: float
    finite: bool = True

    @classmethod
    def of(cls, blob: str, wanted: Tensor, found: Tensor) -> Difference:
        """Compare two tensors. A NaN in one of them only is an infinite difference.

        Raises `NetdefError` where the shapes differ.
        """
        if wanted.shape != found.shape:
            raise NetdefError(f"`{blob}` has shape {tuple(found.shape)} in the result, {tuple(wanted.shape)} in the source")
        wanted, found = wanted.detach().double(), found.detach().double()
        same = (wanted == found) | (wanted.isnan() & found.isnan())
        gaps = torch.where(same, 0.0, (wanted - found).abs()).nan_to_num(torch.inf)
        absolute = float(gaps.max()) if gaps.numel() else 0.0
        finite = wanted[wanted.isfinite()]
        extent = float(finite.max() - finite.min()) or float(finite.abs().max()) if finite.numel() else 0.0
        return cls(blob, tuple(wanted.shape), absolute, absolute / (extent or 1.0), len(finite) == wanted.numel())

    def within(self, tolerance: float) -> bool:
        """Whether the relative difference is at most the tolerance; never for NaN."""
        return self.relative <= tolerance


def differences(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> list[Difference]:
    """The difference of every blob that both have, in the order of ``wanted``."""
    return [Difference.of(blob, value, found[blob]) for blob, value in wanted.items() if blob in found]


@torch.no_grad()
def compare_with_recorded(
    net: Net, path: str | os.PathLike[str], preparation: Preparation = Preparation()  # noqa: B008  (frozen)
) -> list[Difference]:
    """Compare the net's blobs with those recorded in a ``.npz``: ``<blob>`` or ``out/<blob>``.

    Its inputs are ``input``, or have the names of the net's inputs. Raises `FileError` where the file has none of the
    net's blobs.
    """
    arrays = read_arrays(path, net)
    inputs = {"input": arrays["input"]} if "input" in arrays else {n: arrays[n] for n in net.inputs if n in arrays}
    blobs = net.activations(**given_inputs(net, inputs, preparation))
    named = {key.removeprefix("out/"): value for key, value in arrays.items()}
    recorded = {key: torch.from_numpy(value) for key, value in named.items() if key in blobs and key not in inputs}
    if not recorded:
        raise FileError(f"{os.fspath(path)}: has none of the net's blobs; it has {', '.join(list(arrays)[:8])}")
    return differences(recorded, blobs)
