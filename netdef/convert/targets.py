"""The target formats of a conversion: how each is written, and run for the comparison."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from netdef.convert import exported
from netdef.convert.inputs import refuse_files
from netdef.convert.torch_source.writer import write_module
from netdef.errors import NetdefError
from netdef.files import atomic_write
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.weights.load import load_weights
from netdef.weights.safetensors import write_tensors
from netdef.weights.save import save_weights
from netdef.weights.state_dict import state_dict


class Target(NamedTuple):
    """A format to convert to.

    ``write(net, path, origin, every_blob)`` writes the net and returns a limit of the result to tell the user, or None.
    ``run(path, net, inputs, every_blob)`` runs what was written and returns the outputs, or every blob, by name; of
    ``net`` it uses the definition, not the weights. ``more`` are the endings of further files that `write` makes.
    """

    what: str
    write: Callable[[Net, Path, str, bool], str | None]
    run: Callable[[Path, Net, Mapping[str, Tensor], bool], dict[str, Tensor]]
    more: tuple[str, ...] = ()


def target_of(path: str | os.PathLike[str]) -> Target:
    """The target that a file's ending names. Raises `NetdefError` with all endings for an unknown one."""
    name = Path(path).name
    found = next((target for ending, target in TARGETS.items() if name.endswith(ending)), None)
    if found is None:
        *others, last = TARGETS
        raise NetdefError(f"{os.fspath(path)}: unknown output format; a file ends in {', '.join(others)} or {last}")
    return found


def _write_weights(net: Net, path: Path, origin: str, every_blob: bool) -> None:
    save_weights(net, path)


@torch.no_grad()
def _run_weights(path: Path, net: Net, inputs: Mapping[str, Tensor], every_blob: bool) -> dict[str, Tensor]:
    other = build_net(net.spec)
    load_weights(other, path)
    return other.activations(**inputs) if every_blob else other(**inputs)


def _write_safetensors(net: Net, path: Path, origin: str, every_blob: bool) -> None:
    write_tensors(path, _unshared(state_dict(net)), {"net": net.name})


def _unshared(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors, with a copy of each that is a view, a scalar or in the memory of another: a .safetensors shares none."""
    seen: set[int] = set()
    apart = {}
    for name, value in state.items():
        own = value.numel() > 1 and value._base is None and value.data_ptr() not in seen
        apart[name] = value if own else value.clone()
        seen.add(value.data_ptr())
    return apart


def _write_module(net: Net, path: Path, origin: str, every_blob: bool) -> None:
    refuse_files(net)
    module = write_module(net, origin, every_blob)
    write_tensors(path.with_suffix(".safetensors"), _unshared(module.state), {"net": net.name})
    with atomic_write(path, "w") as file:
        file.write(module.text)


@torch.no_grad()
def _run_module(path: Path, net: Net, inputs: Mapping[str, Tensor], every_blob: bool) -> dict[str, Tensor]:
    space: dict = {"__name__": path.stem, "__file__": str(path)}
    exec(compile(path.read_text(), str(path), "exec"), space)  # `_write_module` wrote this code
    tops = space["load"](path.with_suffix(".safetensors"))(*inputs.values())
    if every_blob:
        return tops
    return dict(zip(net.outputs, (tops,) if isinstance(tops, Tensor) else tops))


Save = Callable[[Net, Path, bool], str | None]
Run = Callable[[Path, Mapping[str, Tensor], list[str]], dict[str, Tensor]]


def _exported(what: str, save: Save, run: Run) -> Target:
    """The target of an exported graph of operations."""

    def write_graph(net: Net, path: Path, origin: str, every_blob: bool) -> str | None:
        refuse_files(net)
        fixed = save(net, path, every_blob)
        return f"takes as many items as the net states, no other number: {fixed}" if fixed else None

    def run_graph(path: Path, net: Net, inputs: Mapping[str, Tensor], every_blob: bool) -> dict[str, Tensor]:
        return run(path, inputs, exported.blob_names(net, every_blob))

    return Target(what, write_graph, run_graph)


TARGETS = {
    ".caffemodel": Target("weights as Caffe loads them", _write_weights, _run_weights),
    ".h5": Target("weights as Caffe loads them, in HDF5", _write_weights, _run_weights),
    ".safetensors": Target("a state dict under the layers' names", _write_safetensors, _run_weights),
    ".pt": Target("a state dict under the layers' names", _write_weights, _run_weights),
    ".pth": Target("a state dict under the layers' names", _write_weights, _run_weights),
    ".py": Target("a PyTorch module of its own, with its weights", _write_module, _run_module, (".safetensors",)),
    ".onnx": _exported("ONNX", exported.save_onnx, exported.run_onnx),
    ".pt2": _exported("an exported program of torch", exported.save_exported, exported.run_exported),
}
