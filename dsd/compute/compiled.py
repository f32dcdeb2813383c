"""Passes of a net compiled by torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dsd.compute.precision import Forward, Precision
from netdef.errors import NetdefError, first_line
from netdef.graph.net import Net

BACKEND = "inductor"
NO_DEBUG_INFO = "--compile: `debug_info` watches layer by layer what is compiled as a whole; leave out one of them"


def pass_of(net: Net, precision: Precision, compiled: bool = False) -> Forward:
    """A pass of a net in a precision, compiled or not."""
    return precision.of(CompiledNet(net) if compiled else net)


class CompiledNet(nn.Module):
    """A net whose passes torch compiles, as one graph, when they are first run; for each shape and phase anew.

    The weights are the net's own. Hooks on its layers are not called, and an error inside it names no layer. Raises
    `NetdefError` for layers whose work depends on the data, for ``debug_info``, and in the first pass for what torch cannot
    compile.
    """

    def __init__(self, net: Net):
        super().__init__()
        if found := [node for node in net.graph.nodes if node.key in net.layers and net.layers[node.key].depends_on_data]:
            names = ", ".join(f"`{node.spec.name}` ({node.spec.type})" for node in found)
            raise NetdefError(f"--compile: what these layers do depends on the data, and cannot be compiled: {names}")
        if net.spec.message.debug_info:
            raise NetdefError(NO_DEBUG_INFO)
        self.net = net
        self._run = torch.compile(net.forward, backend=BACKEND, fullgraph=True, dynamic=False)

    def forward(self, *args: Tensor, **inputs: Tensor) -> dict[str, Tensor]:
        from torch._dynamo.exc import TorchDynamoException
        from torch._inductor.exc import InductorError

        try:
            return self._run(*args, **inputs)
        except (TorchDynamoException, InductorError) as error:
            raise NetdefError(_complaint(error)) from error


def _complaint(error: Exception) -> str:
    inner = getattr(error, "inner_exception", error)
    if type(inner).__name__ == "InvalidCxxCompiler":
        return "--compile needs a C++ compiler, and there is none: install one (apt install g++), or name it in CXX"
    return f"--compile: torch cannot compile the net: {type(inner).__name__}: {first_line(inner)}"
