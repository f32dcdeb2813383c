"""The precision of a net's passes: float32, TF32, or half precision by torch's autocast.

Weights, their gradients, histories and losses are float32 with each, so masks hold as exactly as without.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.errors import NetdefError

PRECISIONS = ("fp32", "tf32", "bf16", "fp16")
_HALVES = {"bf16": torch.bfloat16, "fp16": torch.float16}

Forward = Callable[..., dict[str, Tensor]]


class Precision:
    """The precision of passes on a device.

    ``fp32``: in float32. ``tf32``: on a GPU that has it, operands of convolutions and matrix products are rounded to TF32's
    10 bits. ``bf16``, ``fp16``: what torch's autocast chooses is computed in half precision; layers that say so
    (`netdef.layers.core.float32`), losses among them, are not. None leaves torch's own settings as they are.

    fp32 and tf32 are switches of torch for the whole process. A device without TF32 computes tf32 in float32, with a
    warning. Raises `NetdefError` for an unknown name, and if the device does not compute in this precision.
    """

    def __init__(self, name: str | None = None, device: str | torch.device = "cpu"):
        self.name, self.device = name, torch.device(device)
        if name is not None and name not in PRECISIONS:
            raise NetdefError(f"unknown precision `{name}`; it is {', '.join(PRECISIONS[:-1])} or {PRECISIONS[-1]}")
        self._half = _HALVES.get(name or "")
        if self._half is not None:
            _check_half(self.device, self._half)
        elif name is not None:
            _set_tf32(self.device, name == "tf32")

    @property
    def scales_loss(self) -> bool:
        """Whether training needs a scaled loss, since small gradients would vanish."""
        return self._half is torch.float16

    def passes(self) -> AbstractContextManager[object]:
        """Context manager for forward passes. Backward passes go outside of it."""
        return _NOTHING if self._half is None else torch.autocast(self.device.type, self._half)

    def of(self, forward: Forward) -> Forward:
        """``forward`` in this precision, with outputs in float32; itself if there is nothing to do."""
        if self._half is None:
            return forward

        def run(*args: Tensor, **inputs: Tensor) -> dict[str, Tensor]:
            with self.passes():
                return {name: x.float() if x.dtype == self._half else x for name, x in forward(*args, **inputs).items()}

        return run


_NOTHING = nullcontext()


def _check_half(device: torch.device, half: torch.dtype) -> None:
    """Raise `NetdefError` unless the device can convolve and multiply in ``half``, forward and backward."""
    name = str(half).removeprefix("torch.")
    try:
        if not torch.amp.is_autocast_available(device.type):
            raise RuntimeError("torch has no autocast for it")
        x, weight = torch.ones(1, 1, 3, 3, device=device), torch.ones(2, 1, 3, 3, device=device, requires_grad=True)
        with torch.enable_grad(), torch.autocast(device.type, half):
            F.conv2d(x, weight).flatten(1).matmul(weight.flatten(1)).sum().backward()
    except RuntimeError as error:
        raise NetdefError(f"the device `{device}` does not train in {name}: {error}") from error


def _set_tf32(device: torch.device, on: bool) -> None:
    """Let GPUs round to TF32, or not."""
    if on and not (device.type == "cuda" and torch.cuda.is_tf32_supported()):
        warnings.warn(f"the device `{device}` has no TF32: it computes in float32", stacklevel=4)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = on
