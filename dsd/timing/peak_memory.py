"""The most memory that a computation takes."""

from __future__ import annotations

from collections.abc import Callable

import torch


def peak_memory(run: Callable[[], object], device: torch.device) -> int | None:
    """The most bytes that tensors made by ``run`` held at once. None for a device that does not count them."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        run()
        return torch.cuda.max_memory_allocated(device) - before
    if device.type != "cpu":
        return None
    from torch.autograd.profiler import profile  # torch.profiler's imports the compiler, a second or more

    with profile(profile_memory=True, acc_events=True) as profiled:
        run()
    events = [event for event in profiled.kineto_results.events() if event.name() == "[memory]"]
    now = most = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        now += event.nbytes()
        most = max(most, now)
    return most
