"""Write the metrics of a run for TensorBoard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from torch import Tensor

from dsd.plan.phases import DsdPhase
from dsd.training.events import Observer, PhaseResult
from dsd.training.run import Run
from netdef.errors import NetdefError

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class TensorBoard(Observer):
    """Write scalars to a folder: ``train/loss`` and ``train/rate`` every ``display`` iterations, ``test/<output>`` (with
    several test nets ``test0/<output>``, ...), ``phase`` (counted from 0) and ``kept/<layer>``, the share of its weights,
    where phases begin and end. Outputs with several elements are left out.

    Of a resumed run what lies after the snapshot is replaced. Raises `NetdefError` unless tensorboard is installed.
    """

    def __init__(self, folder: str | Path):
        try:
            import torch.utils.tensorboard  # noqa: F401
        except ImportError:
            raise NetdefError(
                "--tensorboard needs tensorboard; install it with: pip install 'netdef-dsd[tensorboard]'") from None
        self.folder = Path(folder)
        self._writer: SummaryWriter | None = None

    def started(self, run: Run) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(self.folder), purge_step=run.iteration or None)

    def phase_began(self, run: Run, phase: DsdPhase) -> None:
        self._write("phase", run.phases.index(phase), run.iteration)
        self._write_kept(run, PhaseResult.of(run, phase, []).kept)

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        if run.displayed:
            self._write("train/loss", run.loss, run.iteration)
            self._write("train/rate", rate, run.iteration)

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        for number, means in enumerate(results):
            for name, mean in means.items():
                if mean.numel() == 1:
                    self._write(f"test{number if len(results) > 1 else ''}/{name}", float(mean), run.iteration)

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        self._write("phase", run.phases.index(result.phase), run.iteration)
        self._write_kept(run, result.kept)

    def finished(self, run: Run, early: bool) -> None:
        self._close()

    def failed(self, run: Run, error: NetdefError) -> None:
        self._close()

    def _write_kept(self, run: Run, kept: dict[str, tuple[int, int]]) -> None:
        for layer, (count, total) in kept.items():
            self._write(f"kept/{layer}", count / max(total, 1), run.iteration)

    def _write(self, tag: str, value: float, iteration: int) -> None:
        if self._writer is not None:
            self._writer.add_scalar(tag, value, iteration)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
