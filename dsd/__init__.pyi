"""The types of the public API, which `__init__.py` imports when it is first used."""

from dsd.attached.attach import attach as attach
from dsd.attached.compare import Comparison as Comparison
from dsd.attached.compare import compare as compare
from dsd.attached.lightning import lightning as lightning
from dsd.attached.phases import AttachError as AttachError
from dsd.attached.phases import Dense as Dense
from dsd.attached.phases import Sparse as Sparse
from dsd.attached.recorder import Recorder as Recorder
from dsd.attached.run import AttachedRun as AttachedRun
from dsd.attached.run import AttachObserver as AttachObserver
from dsd.distributed import World as World
from dsd.engine.audit import Audit as Audit
from dsd.engine.audit import AuditError as AuditError
from dsd.masks.policies.fixed import magnitude_mask as magnitude_mask
from dsd.observers.progress import ProgressReport as ProgressReport
from dsd.plan.phases import DsdPhase as DsdPhase
from dsd.solver.rules import SGD as SGD
from dsd.solver.rules import AdaDelta as AdaDelta
from dsd.solver.rules import AdaGrad as AdaGrad
from dsd.solver.rules import Adam as Adam
from dsd.solver.rules import Nesterov as Nesterov
from dsd.solver.rules import RMSProp as RMSProp
from dsd.training.events import Observer as Observer
from dsd.training.events import PhaseResult as PhaseResult
from dsd.training.run import Run as Run
from dsd.training.trainer import Trainer as Trainer
