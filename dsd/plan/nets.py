"""Read the nets that a solver names: one to train, any number to test, in Caffe's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from netdef.definition.definitions import NetDefinition, PhaseName, SolverDefinition
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net, read_net_message
from netdef.errors import FileError, Problem, Problems, SpecError
from netdef.graph.net import Net
from netdef.schema.messages import NetState

_TRAIN_FIELDS = ("net", "net_param", "train_net", "train_net_param")


def train_net(
    solver: SolverDefinition, level: int = 0, stages: Sequence[str] = (), misread: Problems | None = None
) -> NetDefinition:
    """The net to train, filtered.

    A ``level`` other than 0 replaces that of the solver's ``train_state``; ``stages`` are added to its stages.
    Raises `SpecError` if the solver names none or more than one. ``misread`` is `read_net`'s ``problems``.
    """
    problems = Problems()
    named = _named(solver)
    for field in named[1:]:
        problems.add(f"the solver names the net to train twice, as `{named[0]}` and as `{field}`", solver.span(field))
    problems.raise_any()
    state = NetState(stage=stages)
    state.MergeFrom(solver.message.train_state)
    if level:
        state.level = level
    return _filtered(_read(solver, misread, named[0]), "TRAIN", state)


def check_evaluation(solver: SolverDefinition, tests: Iterable[NetDefinition]) -> None:
    """Raise `SpecError` if the solver's ``eval_type`` is "detection" and a test net does not evaluate any detections."""
    if solver.message.eval_type != "detection":
        return
    for net in tests:
        if not any(layer.type in ("DetectionEvaluate", "EvalDetection") for layer in net.layers):
            raise solver.refuse(f'has `eval_type` "detection", and test net `{net.name}` has no DetectionEvaluate layer',
                                "eval_type")


def test_nets(solver: SolverDefinition, misread: Problems | None = None) -> list[NetDefinition]:
    """The nets to test, filtered, one for each ``test_iter``: ``test_net_param``, then ``test_net``, then ``net`` for the rest.

    Raises `SpecError` if the numbers of nets, ``test_iter`` and ``test_state`` do not agree.
    """
    message = solver.message
    problems = Problems()
    own = [("test_net_param", i) for i in range(len(message.test_net_param))]
    own += [("test_net", i) for i in range(len(message.test_net))]
    places: list[tuple[str, int | None]] = [*own]
    wanted = len(message.test_iter)
    generic = "net" if message.HasField("net") else "net_param" if message.HasField("net_param") else None
    if len(places) > wanted:
        problems.add(f"there are {len(places)} test nets and {wanted} `test_iter`; give one for each",
                     solver.span(*own[wanted]))
    elif generic is not None:
        places += [(generic, None)] * (wanted - len(places))
    elif len(places) < wanted:
        _named(solver)
        problems.add(f"there are {wanted} `test_iter` and {len(places)} test nets; give a net for each",
                     solver.span("test_iter", len(places)))
    if message.test_state and len(message.test_state) != wanted:
        problems.add(f"there are {len(message.test_state)} `test_state` and {wanted} test nets; give none, or one for each",
                     solver.span("test_state"))
    if len(message.test_net_reset) not in (0, 1, wanted):
        problems.add(f"there are {len(message.test_net_reset)} `test_net_reset` and {wanted} test nets; give none, one for all, "
                     "or one for each", solver.span("test_net_reset"))
    if wanted and message.test_interval <= 0:
        problems.add(f"`test_interval` is {message.test_interval}; with `test_iter` it must be at least 1",
                     solver.span("test_iter"))
    for i, count in enumerate(message.test_iter):
        if count <= 0:
            problems.add(f"`test_iter` is {count}; it must be at least 1", solver.span("test_iter", i))
    problems.raise_any()
    states = list(message.test_state) or [NetState()] * wanted
    return [_filtered(_read(solver, misread, *place), "TEST", state) for place, state in zip(places, states)]


def need_data(*fed: Net) -> None:
    """Raise `SpecError` for Input layers: training and testing need data layers."""
    problems = Problems()
    for net in fed:
        for node in net.graph.nodes:
            for value in node.tops:
                if value.blob in net.inputs and node.spec.type == "Input":
                    problems.add(
                        f"layer `{node.spec.name}` (Input) waits for the tensors of a program; here a data layer is wanted "
                        f"that makes `{value.blob}` in the {net.phase} net",
                        node.spec.span("top", value.top))
    problems.raise_any()


def weight_files(solver: SolverDefinition) -> list[Path]:
    """The files of the solver's ``weights``, in order. One field may name several, separated by commas, as in Caffe.

    Raises `SpecError` with every missing file.
    """
    problems, paths = Problems(), []
    for index, listed in enumerate(solver.message.weights):
        for name in filter(None, map(str.strip, listed.split(","))):
            try:
                paths.append(solver.resolve(name, "weights", index))
            except SpecError as error:
                problems.extend(error.problems)
    problems.raise_any()
    return paths


def _named(solver: SolverDefinition) -> list[str]:
    named = [field for field in _TRAIN_FIELDS if solver.message.HasField(field)]
    if not named:
        raise solver.refuse("names no net; give `net: \"train_val.prototxt\"`")
    return named


def _read(solver: SolverDefinition, misread: Problems | None, field: str, index: int | None = None) -> NetDefinition:
    path = (field,) if index is None else (field, index)
    value = getattr(solver.message, field)
    value = value if index is None else value[index]
    if isinstance(value, str):
        try:
            return read_net(solver.resolve(value, *path), lenient=solver.lenient, allow_python=solver.allow_python,
                            problems=misread)
        except FileError as error:
            raise SpecError([Problem(str(error), solver.span(*path))]) from error
    return read_net_message(value, solver.where.child(*path), solver.base_dir, solver.allow_python,
                            solver.lenient)


def _filtered(net: NetDefinition, phase: PhaseName, state: NetState) -> NetDefinition:
    """The net for a phase, with the solver's state merged into the net's own, as in Caffe."""
    merged = NetState(solver=True)
    merged.MergeFrom(net.message.state)
    merged.MergeFrom(state)
    return filter_net(net, phase, merged.level, tuple(merged.stage), merged.solver)
