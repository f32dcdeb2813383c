"""Check the settings of a solver that concern no net, and choose device, seed and snapshot names."""

from __future__ import annotations

import os
import unicodedata
import warnings
from pathlib import Path

import torch

from dsd import seeds
from dsd.distributed import World
from dsd.evaluate.average_precision import VERSIONS
from dsd.solver.from_message import check_solver
from netdef.definition.definitions import SolverDefinition, escape_hint
from netdef.errors import NetdefError, Problems, did_you_mean, printable
from netdef.graph.device import find_device
from netdef.schema.messages import SolverParameter

EVAL_TYPES = ("classification", "detection")


def check_settings(solver: SolverDefinition) -> None:
    """Raise `SpecError` with all mistakes in the solver's own fields (except phases and nets)."""
    problems = Problems()
    for field, complaint in check_solver(solver.message):
        problems.add(complaint, solver.span(field))
    for field in ("display", "snapshot", "test_interval"):
        if getattr(solver.message, field) < 0:
            problems.add(f"`{field}` is {getattr(solver.message, field)}; it must not be negative", solver.span(field))
    if solver.message.HasField("average_loss") and solver.message.average_loss < 1:
        problems.add(f"`average_loss` is {solver.message.average_loss}; it must be at least 1", solver.span("average_loss"))
    prefix = solver.message.snapshot_prefix
    if any(unicodedata.category(letter) == "Cc" for letter in prefix):
        problems.add(
            f"`snapshot_prefix` is `{printable(prefix)}`; it must have no control characters{escape_hint(prefix)}",
            solver.span("snapshot_prefix"))
    version = solver.message.ap_version
    if version not in VERSIONS:
        problems.add(f"unknown `ap_version` \"{version}\"{did_you_mean(version, VERSIONS)}", solver.span("ap_version"))
    kind = solver.message.eval_type
    if kind not in EVAL_TYPES:
        problems.add(f"unknown `eval_type` \"{kind}\"{did_you_mean(kind, EVAL_TYPES)}", solver.span("eval_type"))
    problems.raise_any()


def choose_device(solver: SolverDefinition, device: str | torch.device | None = None) -> torch.device:
    """Choose ``device`` if given, else what the solver says; the CPU if there is no GPU, with a warning if the solver
    states ``solver_mode: GPU``."""
    message = solver.message
    if device is not None:
        chosen = find_device(device)
        if chosen.type == "meta":
            raise NetdefError("the device `meta` holds no numbers: nothing can be trained on it")
        return chosen
    if message.solver_mode == SolverParameter.CPU:
        return torch.device("cpu")
    if torch.cuda.is_available():
        return find_device(f"cuda:{os.environ.get('LOCAL_RANK', message.device_id)}")
    if message.HasField("solver_mode"):
        warnings.warn("the solver says `solver_mode: GPU`, but there is no GPU: running on the CPU", stacklevel=2)
    return torch.device("cpu")


def choose_seed(solver: SolverDefinition, seed: int | None, world: World) -> int:
    """Choose ``seed`` if given, else the solver's ``random_seed``, else a new seed, the same on every rank."""
    if seed is None and solver.message.random_seed >= 0:
        seed = solver.message.random_seed
    return world.agree(seeds.new_seed()) if seed is None else seed


def snapshot_prefix(solver: SolverDefinition) -> str:
    """The start of snapshot names, as in Caffe: ``snapshot_prefix``, relative to the working directory; if that is a folder,
    with the solver file's name; by default the solver file's path without its ending."""
    span = solver.span()
    own = Path(span.source.name if span else "solver").with_suffix("")
    prefix = os.path.expanduser(solver.message.snapshot_prefix)
    if not prefix:
        return str(own)
    return str(Path(prefix) / own.name) if Path(prefix).is_dir() else prefix
