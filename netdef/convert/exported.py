"""Export a net as a graph of operations: torch's exported program, and ONNX."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from netdef.convert.onnx_operators import opaque_functions
from netdef.errors import NetdefError, first_line
from netdef.files import atomic_write
from netdef.graph.graph import Node
from netdef.graph.net import Net

if TYPE_CHECKING:
    from torch.export import ExportedProgram


class _Positional(nn.Module):
    """A net with positional inputs and outputs; with ``every_blob`` it returns all blobs but masks."""

    def __init__(self, net: Net, names: list[str], every_blob: bool):
        super().__init__()
        self.net, self.names, self.every_blob = net, names, every_blob

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        found = self.net.activations(*inputs) if self.every_blob else self.net(*inputs)
        return tuple(found[name] for name in self.names)


def blob_names(net: Net, every_blob: bool) -> list[str]:
    """The outputs of an exported graph: the net's but inputs, or every blob that a layer other than a Mask computes."""
    if not every_blob:
        return [blob for blob in net.outputs if blob not in net.inputs]
    masks = {top.blob for node in net.graph.nodes if node.spec.type == "Mask" for top in node.tops}
    return [blob for blob in net.graph.last_versions if blob not in masks and blob not in net.inputs]


def export(net: Net, every_blob: bool = False, opaque: bool = False) -> tuple[ExportedProgram, str | None]:
    """The graph of a net in TEST, and the reason if it is fixed to the net's batch size, else None.

    Inputs are positional, as ``net.inputs``; outputs a tuple, as `blob_names`. ``opaque`` says that this runs within
    `opaque_functions`. Raises `NetdefError` for a net that cannot be a fixed graph because what its layers do depends on the
    data: recurrent layers and, outside `opaque_functions`, DetectionOutput.
    """
    kinds = [f"`{node.key}` ({node.spec.type})" for node in net.graph.nodes if _depends_on_data(net, node, opaque)]
    if kinds:
        raise NetdefError(f"the net is no graph of operations: what {', '.join(kinds)} does depends on the data; "
                          "--outputs names blobs before it to end with")
    module = _Positional(net, blob_names(net, every_blob), every_blob).eval()
    shapes = [net.shapes[name] for name in net.inputs]
    if not shapes:
        raise NetdefError("the net has no inputs to export it with")
    some = 3 if all(shape[:1] == shapes[0][:1] for shape in shapes) else 0  # torch takes 1 for a constant
    why = None
    for items in (some, 0):
        inputs = tuple(torch.zeros((items or shape[0], *shape[1:])) if shape else torch.zeros(()) for shape in shapes)
        dynamic = (tuple({0: torch.export.Dim("items", min=1)} for _ in shapes),) if items else None
        try:
            with _silenced(), torch.no_grad():
                return torch.export.export(module, inputs, dynamic_shapes=dynamic), why
        except Exception as error:  # torch raises many kinds, of its own and of sympy
            why = first_line(error)[:200]
    raise NetdefError(f"torch cannot export the net: {why}")


def _depends_on_data(net: Net, node: Node, opaque: bool) -> bool:
    layer = net.layers.get(node.key)
    return layer is not None and layer.depends_on_data and not (opaque and layer.onnx_functions)


def save_exported(net: Net, path: str | os.PathLike[str], every_blob: bool = False) -> str | None:
    """Write a ``.pt2``. Returns why the number of items is fixed, or None."""
    program, fixed = export(net, every_blob)
    with atomic_write(path) as file, _silenced():
        torch.export.save(program, file)
    return fixed


def run_exported(path: str | os.PathLike[str], inputs: Mapping[str, Tensor], names: list[str]) -> dict[str, Tensor]:
    """The outputs of a ``.pt2``, by name."""
    with torch.no_grad():
        with _silenced():
            program = torch.export.load(path)
        return dict(zip(names, program.module()(*inputs.values())))


def save_onnx(net: Net, path: str | os.PathLike[str], every_blob: bool = False) -> str | None:
    """Write an ``.onnx``, its inputs and outputs named as the blobs. Returns why the number of items is fixed, or None.

    Raises `NetdefError` without the extra `onnx`.
    """
    _need_onnx()
    names = blob_names(net, every_blob)
    with opaque_functions(net) as translations:
        program, fixed = export(net, every_blob, opaque=True)
    try:
        with _silenced():
            made = torch.onnx.export(program, input_names=net.inputs, output_names=list(names), dynamo=True,
                                     custom_translation_table=translations, verbose=False)
    except Exception as error:
        raise NetdefError(f"torch cannot write the net as ONNX: {_reason(error)}") from error
    assert made is not None  # it is None only without dynamo
    with atomic_write(path) as file:
        made.save(file.name, external_data=False)
    return fixed


def _reason(error: BaseException) -> str:
    """The first line of the error behind those of the exporter's stages."""
    while error.__cause__ is not None:
        error = error.__cause__
    return first_line(error)[:200]


def run_onnx(path: str | os.PathLike[str], inputs: Mapping[str, Tensor], names: list[str]) -> dict[str, Tensor]:
    """The outputs of a ``.onnx`` in onnxruntime, by name."""
    _need_onnx()
    import onnx
    import onnxruntime

    onnx.checker.check_model(os.fspath(path))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(os.fspath(path), options, providers=["CPUExecutionProvider"])
    given = {entry.name: value.numpy() for entry, value in zip(session.get_inputs(), inputs.values())}
    return {name: torch.from_numpy(value) for name, value in zip(names, session.run(None, given))}


def _need_onnx() -> None:
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise NetdefError(f"ONNX needs the package `{error.name}`: pip install 'netdef-dsd[onnx]'") from None


@contextmanager
def _silenced() -> Iterator[None]:
    """Silence the exporters' logging and warnings."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # a failed export logs its whole graph
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
