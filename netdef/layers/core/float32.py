"""Keep a layer's arithmetic in float32 where torch's autocast computes in half precision."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch


def without_autocast(forward: Callable[..., Any]) -> Callable[..., Any]:
    """The method ``forward`` of a layer, outside of autocast; bottoms of half precision reach it as float32."""

    @functools.wraps(forward)
    def run(self: Any, *bottoms: Any) -> Any:
        if not torch._C._is_any_autocast_enabled() or not bottoms:  # as in torch's RNN; asking by device type takes longer
            return forward(self, *bottoms)
        kind = bottoms[0].device.type
        if not (torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind)):
            return forward(self, *bottoms)
        with torch.autocast(kind, enabled=False):
            return forward(self, *(x.float() if x.dtype in _HALVES else x for x in bottoms))

    return run


_HALVES = (torch.bfloat16, torch.float16)
