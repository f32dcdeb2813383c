"""Find a device of torch by name."""

from __future__ import annotations

import torch

from netdef.errors import NetdefError


def find_device(device: str | torch.device) -> torch.device:
    """A device of torch by its name, such as ``cpu``, ``cuda:1`` or ``mps``.

    Raises `NetdefError` for a name of no device, and for a device that this machine or this build of torch lacks.
    """
    try:
        found = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise NetdefError(f"`{device}` is no device; write cpu, cuda, cuda:1, mps or another name that torch knows") from error
    if found.type in ("cpu", "meta"):
        return found
    try:
        count = torch.get_device_module(found).device_count()
    except (RuntimeError, AttributeError):  # torch was built without this kind
        count = 0
    if (found.index or 0) >= count:
        raise NetdefError(f"there is no device `{found}`; of its kind this machine has {count or 'none'}")
    return found
