"""Dense-Sparse-Dense training of Caffe nets, of which plain Caffe training is one dense phase, and of any PyTorch model.

The names below are the public API; `__init__.pyi` has their types. They are imported when they are first used.
"""

from importlib import import_module

_HOMES = {
    "AdaDelta": "dsd.solver.rules",
    "AdaGrad": "dsd.solver.rules",
    "Adam": "dsd.solver.rules",
    "AttachError": "dsd.attached.phases",
    "AttachObserver": "dsd.attached.run",
    "AttachedRun": "dsd.attached.run",
    "Audit": "dsd.engine.audit",
    "AuditError": "dsd.engine.audit",
    "Comparison": "dsd.attached.compare",
    "Dense": "dsd.attached.phases",
    "DsdPhase": "dsd.plan.phases",
    "Nesterov": "dsd.solver.rules",
    "Observer": "dsd.training.events",
    "PhaseResult": "dsd.training.events",
    "ProgressReport": "dsd.observers.progress",
    "RMSProp": "dsd.solver.rules",
    "Recorder": "dsd.attached.recorder",
    "Run": "dsd.training.run",
    "SGD": "dsd.solver.rules",
    "Sparse": "dsd.attached.phases",
    "Trainer": "dsd.training.trainer",
    "World": "dsd.distributed",
    "attach": "dsd.attached.attach",
    "compare": "dsd.attached.compare",
    "lightning": "dsd.attached.lightning",
    "magnitude_mask": "dsd.masks.policies.fixed",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module `dsd` has no attribute `{name}`")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
