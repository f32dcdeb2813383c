"""The training loop: Caffe's iteration, phase after phase."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

import torch
from torch import Tensor

from dsd.distributed import ALONE, World, wrap
from dsd.engine.audit import AuditError, audit_run
from dsd.engine.choose import Pruner, usual_layers, with_masks
from dsd.engine.enforce import MaskKeeper
from dsd.evaluate.scores import Scores
from dsd.plan import nets
from dsd.plan.penalties import penalties
from dsd.plan.phases import DsdPhase, plan_phases
from dsd.plan.settings import check_settings, choose_device, choose_seed
from dsd.seeds import seed_generators, seed_of
from dsd.solver.rules import make_solver
from dsd.training import snapshot
from dsd.training.events import Observer, PhaseResult
from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.definition.read import read_solver
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.schema.messages import DsdState
from netdef.weights.load import load_weights


class Trainer:
    """Trains the net of a solver through its phases. Plain Caffe training is one dense phase.

    Attributes:
        iteration: iterations done. phase: the `DsdPhase` of the next one (of the last one at the end of the run).
        rate: the learning rate of the next iteration. loss: the mean of the last ``average_loss`` losses; NaN before any.
        net, test_nets: `netdef.Net`; test nets use the parameters of ``net``.
        phases: all of them. solver: the `torch.optim.Optimizer`. masks: {Mask layer: kept} in force.
        keeper: the `MaskKeeper` that puts them into force. loaded: a `LoadReport` for each weight file it started from.
        observers: told of everything that happens; see `Observer`.
        forward: runs ``net`` on a batch and gives at least its outputs. Replace it to keep other blobs of a pass.
    """

    def __init__(
        self,
        solver: SolverDefinition,
        device: str | torch.device | None = None,
        *,
        weights: Iterable[str | Path] = (),
        sparsity: float | None = None,
        max_iter: int | None = None,
        seed: int | None = None,
        level: int = 0,
        stages: Sequence[str] = (),
        world: World = ALONE,
        observers: Sequence[Observer] = (),
        workers: int = 0,
    ):
        check_settings(solver)
        self.settings = solver.message
        self.spec, self.world, self.observers = solver, world, list(observers)
        self.phases = plan_phases(solver, sparsity=sparsity, max_iter=max_iter)
        self.device = choose_device(solver, device)
        self.seed = choose_seed(solver, seed, world)
        self.iteration = 0
        self._begun = -1  # index of the phase whose masks are in force
        self._losses: deque[Tensor] = deque(maxlen=max(self.settings.average_loss, 1))
        self._build(nets.train_net(solver, level, stages), nets.test_nets(solver), weights)
        for net in (self.net, *self.test_nets):
            net.feeds.use_workers(workers)

    @classmethod
    def from_file(
        cls, path: str | Path, device: str | torch.device | None = None, *, lenient: bool = False,
        allow_python: bool = False, **options,
    ) -> Trainer:
        """The trainer of a solver file; ``options`` are those of the constructor.

        ``device`` is what the solver says unless given; a GPU that is not there is the CPU. ``lenient`` leaves out fields
        that only forks of Caffe know, in solver and nets, with a warning each. ``allow_python`` lets Python layers run
        the modules that they name. Raises `SpecError` with all that is wrong with solver, nets and phases.
        """
        return cls(read_solver(path, lenient=lenient, allow_python=allow_python), device, **options)

    def _build(self, train_spec: NetDefinition, test_specs: list[NetDefinition], weights: Iterable[str | Path]) -> None:
        usual = usual_layers(train_spec)
        torch.manual_seed(self.seed)
        self.net: Net = build_net(with_masks(train_spec, self.spec, self.phases), self.device)
        files = weights or nets.weight_files(self.spec)
        self.loaded = [load_weights(self.net, path) for path in files]
        self.test_nets: list[Net] = [build_net(spec, self.device, store=self.net) for spec in test_specs]
        self._module = wrap(self.net, self.world)
        self.forward: Callable[..., dict[str, Tensor]] = self._module
        self._configure_feeds()
        self.solver = make_solver(self.settings, self._parameter_groups())
        self.keeper = MaskKeeper(self.net, self.solver, self.phases, Pruner(self.net, usual), self.world)

    def _configure_feeds(self) -> None:
        self.net.feeds.configure(self.seed, self.world.rank, self.world.size)
        for index, net in enumerate(self.test_nets):
            net.feeds.configure(seed_of(self.seed, "test", index))

    def _parameter_groups(self) -> list[dict]:
        groups: dict[tuple, dict] = {}
        for entry in self.net.learnable:
            if entry.tensor.requires_grad:
                options = penalties(entry, self.settings) | {
                    name: 1.0 if getattr(entry, name) is None else getattr(entry, name)
                    for name in ("lr_mult", "decay_mult")}
                groups.setdefault(tuple(options.items()), {"params": [], **options})["params"].append(entry.tensor)
        return list(groups.values())

    # Where we are

    @property
    def max_iter(self) -> int:
        """The iteration at which the run ends."""
        return self.phases[-1].end

    def index_at(self, iteration: int) -> int:
        """Index of the phase that an iteration belongs to; the last phase's beyond the end."""
        return next((i for i, p in enumerate(self.phases) if iteration < p.end), len(self.phases) - 1)

    @property
    def phase(self) -> DsdPhase:
        return self.phases[self.index_at(self.iteration)]

    @property
    def phase_in_force(self) -> DsdPhase:
        """The phase whose masks are set: `phase`, except between the last iteration of one and the first of the next."""
        return self.phases[max(self._begun, 0)]

    @property
    def rate(self) -> float:
        return self.phase.rates.at(self.iteration - self.phase.start)

    @property
    def loss(self) -> float:
        return float(torch.stack(list(self._losses)).mean()) if self._losses else float("nan")

    @property
    def recent_losses(self) -> list[float]:
        """The losses that `loss` is the mean of, oldest first."""
        return [float(x) for x in self._losses]

    @property
    def masks(self) -> dict[str, Tensor]:
        return self.keeper.masks

    # Going on

    def run(self) -> None:
        """Train to the end of the last phase, as ``caffe train`` does: tests and snapshots at their intervals, and both at
        the end of each phase (no snapshot there if ``snapshot_after_train`` is false). An observer's request to stop
        ends it early, with a snapshot. Raises `SpecError` if a net has Input layers, and `AuditError` at the end of a
        phase whose masks did not hold.
        """
        nets.need_data(self.net, *self.test_nets)
        self._tell("started")
        if self._begun >= 0 and self.iteration == self.phases[self._begun].end:
            self._end_phase()  # restored from the snapshot that a phase ends with: what comes after it is still to do
        stop = False
        while self.iteration < self.max_iter and not stop:
            self.step(1)
            if self.iteration == self.phases[self._begun].end:
                self._end_phase()
            stop = self._heed_requests()
        early = self.iteration < self.max_iter
        if early:
            self._snapshot_after_train()
        self._tell("finished", early)

    def step(self, n: int = 1, inputs: dict[str, Tensor] | None = None) -> None:
        """Do n iterations. ``inputs`` are the blobs of Input layers, the same for each iteration and pass; data layers
        give theirs."""
        for _ in range(n):
            self._begin_phase()
            self.keeper.change(self.phases[self._begun], self.iteration, self.seed)
            self._test_if_due()
            self._iterate(inputs)
            if self.settings.snapshot and self.iteration % self.settings.snapshot == 0:
                self.snapshot()

    def apply_update(self) -> None:
        """Update the weights with the gradients that they have, at the rate of this iteration, and count the iteration."""
        self._begin_phase()
        for group in self.solver.param_groups:
            group["lr"] = self.rate
        self.solver.step()
        self.iteration += 1

    def test(self) -> list[dict[str, Tensor]]:
        """Test every test net on its ``test_iter`` batches: {output blob: mean}, one dict a net."""
        results = []
        for index, (net, count) in enumerate(zip(self.test_nets, self.settings.test_iter)):
            torch.manual_seed(seed_of(self.seed, "test", index, self.iteration))
            results.append(mean_outputs(net, count, self.device, self.settings.ap_version))
        self._tested = (self.iteration, self._begun)
        self._tell("tested", results)
        return results

    def snapshot(self) -> tuple[Path, Path]:
        """Write ``<prefix>_iter_<n>`` weights and solver state; returns both paths. Only the first rank writes."""
        self._last_snapshot = self.iteration
        weights, state = snapshot.paths(self)
        if self.world.rank == 0:
            snapshot.write(self, weights, state)
        self.world.wait()
        self._tell("snapshotted", weights, state)
        return weights, state

    def restore(self, path: str | Path) -> None:
        """Go on from a ``.solverstate``, ours or the original's, and the weights it names.

        Raises `FileError` when it does not fit this solver and net.
        """
        snapshot.restore(self, Path(path))

    # One iteration

    _last_snapshot: int | None = None
    _tested: tuple[int, int] | None = None

    def _iterate(self, inputs: dict[str, Tensor] | None) -> None:
        seed_generators(seed_of(self.seed, self.iteration, self.world.rank), self.device)
        passes = self.settings.iter_size
        self.solver.zero_grad(set_to_none=True)
        total = None
        for number in range(passes):
            batch = self._batch(inputs or next(self.net.feeds))
            last = number == passes - 1
            # Gradients of all ranks are added up once, in the last pass.
            with nullcontext() if last or self._module is self.net else self._module.no_sync():
                outputs = self.forward(**batch)
                loss = self.net.loss(outputs)
                if loss.requires_grad:
                    loss.backward()
            total = loss.detach() if total is None else total + loss.detach()
        self._losses.append(total / passes if passes > 1 else total)
        self._tell("iterated", outputs, self.rate)
        self.apply_update()

    def _batch(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name: tensor.to(self.device, non_blocking=True) for name, tensor in tensors.items()}

    def _test_if_due(self) -> None:
        interval = self.settings.test_interval
        if not self.test_nets or not interval or self.iteration % interval:
            return
        if (self.iteration or self.settings.test_initialization) and self._tested != (self.iteration, self._begun):
            self.test()

    def _heed_requests(self) -> bool:
        """Snapshot if an observer asks for it; True if one asks to stop."""
        actions = self.world.agree([action for observer in self.observers if (action := observer.requested())])
        if "snapshot" in actions and self._last_snapshot != self.iteration:
            self.snapshot()
        return "stop" in actions

    def _snapshot_after_train(self) -> None:
        if self.settings.snapshot_after_train and self._last_snapshot != self.iteration:
            self.snapshot()

    # Phases

    def _begin_phase(self) -> None:
        index = self.index_at(self.iteration)
        if index != self._begun:
            self.keeper.begin(index, self.iteration, self.seed, after_another=self._begun >= 0)
            self._begun = index
            self._tell("phase_began", self.phases[index])

    def _end_phase(self) -> None:
        self._snapshot_after_train()
        if self.iteration == self.max_iter and self.settings.display and self.iteration % self.settings.display == 0:
            with torch.no_grad():  # Caffe shows the loss after the last update, on the next batch
                self._losses.append(self.net.loss(self.net(**self._batch(next(self.net.feeds)))))
            self._tell("displayed_last")
        results = self.test() if self.test_nets else []
        self._tell("phase_ended", PhaseResult.of(self, self.phases[self._begun], results))
        if self.masks:
            audit = audit_run(self)
            self._tell("audited", audit)
            if not audit.holds:
                raise AuditError(audit)

    def mask_weight(self, mask: str) -> Tensor:
        """The parameter that a Mask layer covers."""
        return self.keeper.pruner.weight(mask)

    def resume_at(self, iteration: int, phase: int, saved: DsdState | None) -> None:
        """Go on at an iteration of a phase whose weights, masks and histories are in place already."""
        self.iteration, self._begun, self._tested = iteration, phase, None
        self._last_snapshot = iteration
        if saved is None:
            return
        self.seed = saved.seed
        self._configure_feeds()
        feeds = [net.feeds for net in (self.net, *self.test_nets)]
        positions = list(saved.feed_position)
        if len(positions) == sum(len(f) for f in feeds):
            for f in feeds:
                f.seek(positions[: len(f)])
                del positions[: len(f)]
        self._losses.extend(torch.tensor(x, device=self.device) for x in saved.losses)

    def _tell(self, event: str, *details: object) -> None:
        for observer in self.observers:
            if self.world.rank == 0 or observer.on_every_rank:
                getattr(observer, event)(self, *details)


@torch.no_grad()
def mean_outputs(net: Net, batches: int, device: torch.device, ap_version: str = "Integral") -> dict[str, Tensor]:
    """The `Scores` of every output over some batches of the net's own data."""
    scores = Scores(net, ap_version)
    for _ in range(batches):
        scores.add(net(**{name: x.to(device, non_blocking=True) for name, x in next(net.feeds).items()}))
    return scores.result()
