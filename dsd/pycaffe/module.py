"""The modules that ``import caffe`` gives: ``caffe``, ``caffe.io``, ``caffe.proto.caffe_pb2`` and the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from dsd.pycaffe import draw, parallel, solver_types
from dsd.pycaffe.solver import CaffeSolver
from netdef.builder import net_spec
from netdef.layers import catalogue as _layers  # noqa: F401  (the types)
from netdef.layers.core.registry import known_types
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe import classifier, coord_map, detector, io, mode
from netdef.pycaffe.blob import Blob, BlobVec
from netdef.pycaffe.net import Net
from netdef.schema import messages

VERSION = "1.0.0"  # of the interface


class ForkFolders:
    """``caffe.__path__``: the folders ``caffe`` on Python's path, now and whenever it changes.

    Forks add files to the package there (``caffe/model_libs.py``). The original's own modules are never looked for.
    """

    def __iter__(self) -> Iterator[str]:
        folders = (os.path.join(path or os.getcwd(), "caffe") for path in sys.path)
        return (folder for folder in folders if os.path.isdir(folder))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, index: int) -> str:
        return list(self)[index]


def layer_type_list() -> list[str]:
    """The names of all layer types."""
    return list(known_types())


def package() -> dict[str, ModuleType]:
    """All modules by their names in `sys.modules`, ``caffe`` first."""
    caffe = ModuleType("caffe", "The Python interface of Caffe, on netdef and dsd.")
    binding = _module("caffe._caffe", Blob=Blob, BlobVec=BlobVec, Solver=CaffeSolver, **_binding())
    proto = _module("caffe.proto", caffe_pb2=messages)
    proto.__path__ = []
    modules = {
        "caffe._caffe": binding, "caffe.pycaffe": _module("caffe.pycaffe", **_binding()), "caffe.io": io,
        "caffe.net_spec": net_spec, "caffe.coord_map": coord_map, "caffe.classifier": classifier,
        "caffe.detector": detector, "caffe.draw": draw, "caffe.proto": proto, "caffe.proto.caffe_pb2": messages,
    }
    vars(caffe).update(
        _binding(), Classifier=classifier.Classifier, Detector=detector.Detector, NetSpec=net_spec.NetSpec,
        layers=net_spec.layers, params=net_spec.params, to_proto=net_spec.to_proto, TRAIN=messages.TRAIN,
        TEST=messages.TEST, __path__=ForkFolders(), __file__=str(Path(__file__).with_name("__init__.py")))
    for name, module in modules.items():
        parent, _, child = name.rpartition(".")
        if parent == "caffe":
            setattr(caffe, child, module)
    return {"caffe": caffe, **modules}


def _binding() -> dict[str, object]:
    """The names that are C++ in the original."""
    by_name = {name: getattr(solver_types, name) for name in (
        "SGDSolver", "NesterovSolver", "AdaGradSolver", "RMSPropSolver", "AdaDeltaSolver", "AdamSolver", "get_solver")}
    together = {name: getattr(parallel, name) for name in (
        "NCCL", "Timer", "has_nccl", "set_multiprocess", "set_solver_count", "set_solver_rank", "solver_count",
        "solver_rank")}
    modes = {name: getattr(mode, name) for name in (
        "init_log", "log", "set_device", "set_mode_cpu", "set_mode_gpu", "set_random_seed")}
    return {"Net": Net, "Layer": UserLayer, "layer_type_list": layer_type_list, "__version__": VERSION,
            **by_name, **together, **modes}


def _module(name: str, **attributes: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(attributes)
    return module
