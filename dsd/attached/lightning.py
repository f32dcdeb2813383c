"""Phases in Lightning's Trainer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsd.attached.attach import attach
from dsd.attached.phases import AttachError, Phases
from dsd.attached.run import AttachedRun
from netdef.errors import NetdefError

if TYPE_CHECKING:
    from lightning.pytorch import Callback


def lightning(phases: Phases, *, epochs: bool = False, **options: Any) -> Callback:
    """A callback for ``lightning.Trainer(callbacks=[...])`` that attaches phases to the module and its optimiser.

    ``epochs``: the lengths of phases are in epochs. ``options`` are those of `attach`. The phases' state goes into Lightning's
    checkpoints and comes back with ``ckpt_path``; ``callback.run`` is the `AttachedRun` while training. The phase, its step
    and the sparsity are logged as ``dsd/phase``, counted from 0, and ``dsd/sparsity``. Needs the extra `lightning`.
    """
    # Longer than other functions: the class can be made only where its base class can be imported.
    try:
        from lightning.pytorch import Callback, LightningModule, Trainer
    except ImportError:
        raise NetdefError("dsd.lightning needs lightning; install it with: pip install 'netdef-dsd[lightning]'") from None

    class PhasesCallback(Callback):
        """Attach phases when training starts, detach them when it ends."""

        def __init__(self) -> None:
            self.run: AttachedRun | None = None
            self._state: dict[str, Any] | None = None

        def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
            if len(trainer.optimizers) != 1:
                raise AttachError(f"the module has {len(trainer.optimizers)} optimisers; dsd.lightning takes one. Call"
                                  " dsd.attach for each of them in `on_train_start` of the module")
            steps = None
            if epochs:
                batches = trainer.num_training_batches
                if batches == float("inf"):
                    raise AttachError("the length of an epoch is not known; give the lengths of phases in steps")
                steps = -(-int(batches) // trainer.accumulate_grad_batches)
            self.run = attach(pl_module, trainer.optimizers[0], phases, steps_per_epoch=steps, state=self._state, **options)

        def on_train_batch_end(self, trainer: Trainer, pl_module: LightningModule, *args: Any) -> None:
            if self.run is not None and trainer.logger is not None and trainer.global_step % trainer.log_every_n_steps == 0:
                index = self.run.phases.index(self.run.phase)
                pl_module.log_dict({"dsd/phase": float(index), "dsd/sparsity": self.run.sparsity()})

        def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
            self._detach()

        def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
            self._detach()

        def state_dict(self) -> dict[str, Any]:
            return self._state or {} if self.run is None else self.run.state_dict()

        def load_state_dict(self, state_dict: dict[str, Any]) -> None:
            self._state = state_dict

        def _detach(self) -> None:
            if self.run is not None:
                self._state = self.run.state_dict()
                self.run.detach()
                self.run = None

    return PhasesCallback()
