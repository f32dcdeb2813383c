"""The kinds of files that a net with its weights can become, and how each is run again for the proof."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from netdef.convert import exported
from netdef.convert.torch_source.writer import write_module
from netdef.errors import NetdefError
from netdef.files import atomic_write
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.weights.load import load_weights
from netdef.weights.safetensors import write_tensors
from netdef.weights.save import save_weights
from netdef.weights.state_dict import state_dict


class Form(NamedTuple):
    """``write(net, path, source, every_blob)`` returns what is to be said of it; ``run(path, net, inputs, every_blob)``
    gives the outputs, or every blob, of what was written. ``net`` tells `run` what the file is to be, not its numbers.
    """

    what: str
    write: Callable[[Net, Path, str, bool], str | None]
    run: Callable[[Path, Net, Mapping[str, Tensor], bool], dict[str, Tensor]]
    more: tuple[str, ...] = ()  # endings of further files beside it


def form_of(path: str | os.PathLike[str]) -> Form:
    """The form that a file's ending asks for. Raises `NetdefError` naming all there are."""
    name = Path(path).name
    found = next((form for ending, form in FORMS.items() if name.endswith(ending)), None)
    if found is None:
        *others, last = FORMS
        raise NetdefError(f"{os.fspath(path)}: what shall it become? A file ends in {', '.join(others)} or {last}")
    return found


def _write_weights(net: Net, path: Path, source: str, every_blob: bool) -> None:
    save_weights(net, path)


@torch.no_grad()
def _run_weights(path: Path, net: Net, inputs: Mapping[str, Tensor], every_blob: bool) -> dict[str, Tensor]:
    other = build_net(net.spec)
    load_weights(other, path)
    return other.activations(**inputs) if every_blob else other(**inputs)


def _write_safetensors(net: Net, path: Path, source: str, every_blob: bool) -> None:
    write_tensors(path, {name: value.clone() if value.numel() < 2 else value for name, value in _unshared(net).items()},
                  {"net": net.name})


def _unshared(net: Net) -> dict[str, Tensor]:
    """The state dict, each blob with memory of its own: the format has no word for a shared one."""
    seen: set[int] = set()
    state = state_dict(net)
    for name, value in state.items():
        if value.data_ptr() in seen:
            state[name] = value.clone()
        seen.add(value.data_ptr())
    return state


def _write_pt(net: Net, path: Path, source: str, every_blob: bool) -> None:
    with atomic_write(path) as file:
        torch.save(state_dict(net), file)


def _write_py(net: Net, path: Path, source: str, every_blob: bool) -> None:
    module = write_module(net, source, every_blob)
    state = {name: value.clone() if value._base is not None else value for name, value in module.state.items()}
    write_tensors(path.with_suffix(".safetensors"), state, {"net": net.name})
    with atomic_write(path, "w") as file:
        file.write(module.text)


@torch.no_grad()
def _run_py(path: Path, net: Net, inputs: Mapping[str, Tensor], every_blob: bool) -> dict[str, Tensor]:
    space: dict = {"__name__": path.stem, "__file__": str(path)}
    exec(compile(path.read_text(), str(path), "exec"), space)  # our own words, written a moment ago
    tops = space["load"](path.with_suffix(".safetensors"))(*inputs.values())
    if every_blob:
        return tops
    return dict(zip(net.outputs, (tops,) if isinstance(tops, Tensor) else tops))


def _graph(write: Callable, run: Callable) -> tuple[Callable, Callable]:
    def write_it(net: Net, path: Path, source: str, every_blob: bool) -> str | None:
        fixed = write(net, path, every_blob)
        return f"takes as many items as the net states, no other number: {fixed}" if fixed else None

    def run_it(path: Path, net: Net, inputs: Mapping[str, Tensor], every_blob: bool) -> dict[str, Tensor]:
        return run(path, inputs, exported.blob_names(net, every_blob))

    return write_it, run_it


_WEIGHTS = (_write_weights, _run_weights)
FORMS = {
    ".caffemodel": Form("weights as Caffe loads them", *_WEIGHTS),
    ".h5": Form("weights as Caffe loads them, in HDF5", *_WEIGHTS),
    ".safetensors": Form("a state dict under the layers' names", _write_safetensors, _run_weights),
    ".pt": Form("a state dict under the layers' names", _write_pt, _run_weights),
    ".py": Form("a PyTorch module of its own, with its weights", _write_py, _run_py, (".safetensors",)),
    ".onnx": Form("ONNX", *_graph(exported.save_onnx, exported.run_onnx)),
    ".pt2": Form("an exported program of torch", *_graph(exported.save_exported, exported.run_exported)),
}
