"""Compile a net from a prototxt in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from google.protobuf.message import Message

from netdef.definition.definitions import NetDefinition, PhaseName
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net, read_net_message, read_net_text
from netdef.files import one_or_more
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.schema import messages
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where
from netdef.weights.load import load_weights


def load(
    path: str | Path,
    phase: PhaseName = "TEST",
    weights: str | Path | Sequence[str | Path] | None = None,
    device: str | torch.device | None = None,
    level: int = 0,
    stages: str | Iterable[str] = (),
    lenient: bool = False,
    allow_python: bool = False,
) -> Net:
    """Compile a net file, of any age, for a phase.

    Args:
        path: the prototxt.
        phase: ``"TRAIN"`` or ``"TEST"``, for the rules of layers that are in one phase only.
        weights: one or more weight files, loaded in turn by layer name; other layers are filled by their fillers.
        device: where to put the net; torch's default device unless given.
        level, stages: choose layers as Caffe's NetState does.
        lenient: leave unknown fields out, and layers of unknown types that no layer reads, with a warning for each.
        allow_python: let the net's Python layers run the modules that they name. Without it, nothing that a net names
            is executed.

    Raises `SpecError` with everything that is wrong with the text, `FileError` for weights that do not fit.
    """
    spec = read_net(path, lenient=lenient, allow_python=allow_python)
    return compile_net(spec, phase, weights, device, level, stages)


def loads(
    text: str,
    base_dir: str | Path = ".",
    phase: PhaseName = "TEST",
    weights: str | Path | Sequence[str | Path] | None = None,
    device: str | torch.device | None = None,
    level: int = 0,
    stages: str | Iterable[str] = (),
    lenient: bool = False,
    allow_python: bool = False,
) -> Net:
    """`load` for a text in memory; relative paths in it begin at ``base_dir``."""
    if base_dir in messages.Phase.keys():
        raise TypeError(f"the second argument is the folder of the text's paths; write phase={base_dir!r}")
    spec = read_net_text(text, base_dir, lenient=lenient, allow_python=allow_python)
    return compile_net(spec, phase, weights, device, level, stages)


def from_proto(
    message: Message,
    base_dir: str | Path = ".",
    phase: PhaseName = "TEST",
    weights: str | Path | Sequence[str | Path] | None = None,
    device: str | torch.device | None = None,
    level: int = 0,
    stages: str | Iterable[str] = (),
    allow_python: bool = False,
) -> Net:
    """`load` for a NetParameter message of any age, of `netdef.NetSpec` or of the original's ``caffe_pb2``.

    Errors name the layer; there is no text to point at.
    """
    if not hasattr(message, "SerializeToString"):
        raise TypeError(f"a NetParameter message is wanted, not {type(message).__name__}; `loads` takes a text")
    spec = read_net_message(
        NetParameter.FromString(message.SerializeToString()), Where(), Path(base_dir), allow_python)
    return compile_net(spec, phase, weights, device, level, stages)


def compile_net(
    spec: NetDefinition,
    phase: PhaseName = "TEST",
    weights: str | Path | Sequence[str | Path] | None = None,
    device: str | torch.device | None = None,
    level: int = 0,
    stages: str | Iterable[str] = (),
    store: Net | None = None,
) -> Net:
    """Filter, link and build a net, and load its weights. ``store`` is a net whose weights it shares by layer name."""
    device = torch.get_default_device() if device is None else device
    files = () if weights is None else one_or_more(weights, "paths of weight files are")
    names = one_or_more(stages, "names of stages are")
    net = build_net(filter_net(spec, phase, level, names), device, store=store, fill=not files)
    if files:
        loaded = {key for file in files for key in load_weights(net, file).used}
        net.fill(key for key in net.layers if key not in loaded)
    return net
