"""Check the inputs of a net: their names, and that they are numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

Input = Tensor | np.ndarray
DtypeDevice = tuple[torch.dtype, torch.device]
"""Type and device of a net's weights."""


def dtype_and_device(net: nn.Module) -> DtypeDevice:
    """Type and device of the weights; float32 on the CPU for a net without any."""
    some = next(net.parameters(), None)
    return (torch.float32, torch.device("cpu")) if some is None else (some.dtype, some.device)


def positional_inputs(net: str, names: Sequence[str], args: Sequence[Input], inputs: Mapping[str, Input]) -> dict[str, Input]:
    """Positional inputs by name. Raises TypeError for too many, and for one that ``inputs`` gives, too."""
    if len(args) > len(names):
        raise TypeError(f"{_named(net)} takes {', '.join(names) or 'no inputs'}; {len(args)} inputs are given")
    given = dict(zip(names, args))
    if twice := given.keys() & inputs.keys():
        raise TypeError(f"input `{min(twice)}` is given twice")
    return given


def input_tensor(name: str, value: object, weights: DtypeDevice) -> Tensor:
    """An input as a tensor: a numpy array becomes one of the net's type on its device, a tensor stays as it is.

    Raises TypeError for anything else.
    """
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in "fiub":
            raise TypeError(f"input `{name}` is an array of {value.dtype}, not of numbers")
        dtype, device = weights
        return torch.as_tensor(np.require(value, requirements=("C", "W"))).to(device, dtype)
    raise TypeError(f"input `{name}` is of type {type(value).__name__}; a tensor or a numpy array is wanted")


def wrong_inputs(net: str, wanted: Collection[str], given: Collection[str], *, has_feeds: bool) -> TypeError:
    """The error to raise for inputs of other names than a net takes; ``has_feeds``: it has data layers."""
    missing = [name for name in wanted if name not in given]
    unknown = [name for name in given if name not in wanted]
    faults = [f"{fault} {', '.join(names)}" for fault, names in (("missing", missing), ("unknown", unknown)) if names]
    hint = "; data layers' batches come from net.feeds" if missing and has_feeds else ""
    return TypeError(f"{_named(net)} takes {', '.join(wanted) or 'no inputs'}: {', '.join(faults)}{hint}")


def _named(net: str) -> str:
    return f"net `{net}`" if net else "the net"
