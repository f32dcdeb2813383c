"""From a prototxt to a net in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch

from netdef.graph.build import build
from netdef.graph.link import link
from netdef.graph.net import Net
from netdef.spec.filter import filter_net
from netdef.spec.read import read_net, read_net_text
from netdef.spec.spec import NetSpec
from netdef.weights.load import load_weights


def load(
    path: str | Path,
    phase: str = "TEST",
    weights: str | Path | Sequence[str | Path] | None = None,
    device: str | torch.device | None = None,
    level: int = 0,
    stages: Iterable[str] = (),
    lenient: bool = False,
) -> Net:
    """Compile a net file, of any age, for a phase.

    ``weights`` names one or more weight files, loaded in turn by layer name; the rest comes from the fillers.
    ``device`` is torch's default device unless given. ``level`` and ``stages`` choose layers as Caffe's NetState does.
    ``lenient`` leaves out fields that only some fork of Caffe knows, with a warning each. Raises `SpecError` with
    everything that is wrong with the text, `FileError` for weights that do not fit.
    """
    return compile_net(read_net(path, lenient=lenient), phase, weights, device, level, stages)


def loads(
    text: str,
    base_dir: str | Path = ".",
    phase: str = "TEST",
    weights: str | Path | Sequence[str | Path] | None = None,
    device: str | torch.device | None = None,
    level: int = 0,
    stages: Iterable[str] = (),
    lenient: bool = False,
) -> Net:
    """`load` for a text in memory; relative paths in it are looked up from ``base_dir``."""
    return compile_net(read_net_text(text, base_dir, lenient=lenient), phase, weights, device, level, stages)


def compile_net(
    spec: NetSpec,
    phase: str = "TEST",
    weights: str | Path | Sequence[str | Path] | None = None,
    device: str | torch.device | None = None,
    level: int = 0,
    stages: Iterable[str] = (),
    store: Net | None = None,
) -> Net:
    """Filter, link, build and load. ``store`` is a net whose weights this one shares by layer name."""
    device = torch.get_default_device() if device is None else torch.device(device)
    files = [] if weights is None else [weights] if isinstance(weights, (str, Path)) else list(weights)
    net = build(link(filter_net(spec, phase, level, tuple(stages))), device, store=store, fill=not files)
    if files:
        loaded = {key for file in files for key in load_weights(net, file).used}
        net.fill(key for key in net.layers if key not in loaded)
    return net
