"""The lines with which the log of the original begins: the solver, its nets, and the weights that they begin with."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.text_format import MessageToString

from dsd.training.run import Run
from netdef.schema.messages import SolverParameter

Line = tuple[str, str]
"""A place in Caffe's source, and a text."""


def beginning(run: Run) -> Iterator[Line]:
    """The lines up to "Solver scaffolding done", without those on the making of each layer."""
    settings = run.settings
    cpu = run.device.type == "cpu"
    yield ("caffe.cpp:197", "Use CPU.") if cpu else ("caffe.cpp:218", f"Using GPUs {run.device.index or 0}")
    yield "solver.cpp:45", f"Initializing solver from parameters: \n{MessageToString(settings).rstrip()}"
    yield _train_net(settings)
    for report in run.loaded:
        yield "solver.cpp:72", f"Finetuning from {report.path}"
        yield from (("net.cpp:746", f"Ignoring source layer {layer}") for layer in report.only_in_file)
    for index, source in enumerate(_test_sources(settings, len(run.test_nets))):
        yield "solver.cpp:190", f"Creating test net (#{index}) specified by {source}"
    yield "solver.cpp:57", "Solver scaffolding done."


def _train_net(settings: SolverParameter) -> Line:
    """The line on the net that is trained; a solver names one."""
    if settings.HasField("train_net_param"):
        return "solver.cpp:88", "Creating training net specified in train_net_param."
    if settings.HasField("train_net"):
        return "solver.cpp:92", f"Creating training net from train_net file: {settings.train_net}"
    if settings.HasField("net_param"):
        return "solver.cpp:97", "Creating training net specified in net_param."
    return "solver.cpp:102", f"Creating training net from net file: {settings.net}"


def _test_sources(settings: SolverParameter, count: int) -> list[str]:
    """The source of each test net, in the log's words."""
    own = ["test_net_param"] * len(settings.test_net_param) + [f"test_net file: {name}" for name in settings.test_net]
    generic = f"net file: {settings.net}" if settings.HasField("net") else "net_param"
    return own + [generic] * (count - len(own))
