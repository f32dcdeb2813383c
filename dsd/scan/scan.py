"""Sensitivity scan: the loss of score when one layer is pruned without retraining, and sparsities proposed from it.

This is the scan of Han et al. 2015 ("Learning both Weights and Connections", figure 6). The DSD paper uses one sparsity
for all layers instead; a scan proposes one for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase

import torch
from torch import Tensor

from dsd.evaluate.scores import mean_outputs
from dsd.evaluate.watched_output import default_output, improves_upward, why_not_single
from dsd.masks.policies.fixed import magnitude_mask
from dsd.plan.masks import already_masked, usual_layers
from dsd.seeds import seed_of
from netdef.definition.definitions import NetDefinition
from netdef.errors import NetdefError, did_you_mean
from netdef.graph.net import Net
from netdef.graph.pruning import attach_masks, can_be_masked, frozen_layers, shared_with

SPARSITIES = tuple(i / 10 for i in range(1, 10))


@dataclass(frozen=True)
class Score:
    """The output to measure, and whether it is better when it is larger."""

    blob: str
    higher_is_better: bool

    def loss(self, before: float, after: float) -> float:
        """The loss of score from ``before`` to ``after``; infinite for NaN, the score of a net that diverged."""
        worse = before - after if self.higher_is_better else after - before
        return math.inf if math.isnan(worse) else worse


@dataclass(frozen=True)
class Curve:
    """A layer's scores, one for each sparsity. ``weights`` is how many it has that can be pruned."""

    layer: str
    weights: int
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Scan:
    """The result of a scan.

    ``dense`` is the score of the net as it is, ``proposed`` {layer: sparsity} without the layers that cannot be pruned
    within the ``allowed`` loss, ``together`` the score with the whole proposal.
    """

    score: Score
    sparsities: tuple[float, ...]
    dense: float
    curves: tuple[Curve, ...]
    allowed: float
    proposed: dict[str, float]
    together: float

    def as_dict(self) -> dict:
        """The scan as a JSON object."""
        return asdict(self)


def with_scanned(spec: NetDefinition, pattern: str | None = None) -> tuple[NetDefinition, list[str]]:
    """The net with Masks on the layers to scan, and their names.

    These are the layers that match the pattern, or without one those that a sparse phase prunes by default; of layers that
    share their weights the first. Raises `NetdefError` when there are none.
    """
    possible = [layer.name for layer in spec.layers if can_be_masked(layer)]
    usual, masked = usual_layers(spec), already_masked(spec)
    wanted = [name for name in possible if (name in usual if pattern is None else fnmatchcase(name, pattern))]
    shared = shared_with(spec)
    wanted = [name for name in wanted if shared.get(name) not in wanted]
    if not wanted and pattern is not None:
        raise NetdefError(f"no layer that can be pruned matches `{pattern}`{did_you_mean(pattern, possible)}")
    if not wanted:
        frozen = [name for name in possible if name in frozen_layers(spec)]
        reason = (f": the weights of {', '.join(frozen)} are not learned (lr_mult 0); --layers names layers to scan"
                  if frozen else "")
        raise NetdefError(f"the net has no layer that a sparse phase prunes by itself{reason}")
    return attach_masks(spec, {name: None for name in wanted if name not in masked}), wanted


def choose_score(net: Net, blob: str | None = None) -> Score:
    """The output named; else the net's first accuracy; else its first loss.

    Raises `NetdefError` when there is none, or it is no single number.
    """
    found = blob or default_output(net)
    if found is None:
        raise NetdefError(f"the test net has neither accuracy nor loss, only {', '.join(net.outputs)}: name one")
    if problem := why_not_single(net, found):
        raise NetdefError(problem)
    return Score(found, improves_upward(net, found))


class Scanner:
    """Prune layers of a trained test net one at a time, score it, and restore the weights.

    Every score is of the same ``batches``, from where the net's data are when the scanner is made.
    """

    def __init__(
        self, net: Net, layers: Sequence[str], score: Score, batches: int, device: torch.device, seed: int = 0
    ):
        self.net, self.layers, self.score = net, layers, score
        self.batches, self.device, self.seed = batches, device, seed
        self._start = net.feeds.positions

    def weights(self, layer: str) -> list[Tensor]:
        """The weights of a layer that its Masks cover."""
        return [getattr(self.net.layers[layer], blob) for readers in self.net.masked.values()
                for name, blob in readers if name == layer]

    def points(self, sparsities: Sequence[float]) -> int:
        """The number of tests that `run` makes."""
        return len(self.layers) * len(sparsities) + 2

    def run(
        self, sparsities: Sequence[float] = SPARSITIES, allowed: float = 0.01,
        tested: Callable[[str, float], None] = lambda what, score: None,
    ) -> Scan:
        """Do the whole scan. ``sparsities`` rise; ``tested`` is called after each test with its name and score."""
        dense = self.measure({})
        tested("dense", dense)
        curves = []
        for layer in self.layers:
            scores = []
            for sparsity in sparsities:
                scores.append(self.measure({layer: sparsity}))
                tested(f"{layer} {sparsity:g}", scores[-1])
            curves.append(Curve(layer, sum(weight.numel() for weight in self.weights(layer)), tuple(scores)))
        proposed = {
            curve.layer: best for curve in curves
            if (best := propose(self.score, dense, sparsities, curve.scores, allowed)) is not None
        }
        together = self.measure(proposed)
        tested("proposal", together)
        return Scan(self.score, tuple(sparsities), dense, tuple(curves), allowed, proposed, together)

    @torch.no_grad()
    def measure(self, sparsities: dict[str, float]) -> float:
        """The score with these layers pruned by magnitude to their sparsities. The net's weights are restored."""
        pruned = [(layer, weight) for layer in sparsities for weight in self.weights(layer)]
        before = [weight.clone() for _, weight in pruned]
        try:
            for layer, weight in pruned:
                weight.masked_fill_(~magnitude_mask(weight, sparsities[layer], f"the weight of layer `{layer}`"), 0)
            self.net.feeds.seek(self._start)
            self.net.reset_state()
            torch.manual_seed(seed_of(self.seed, "scan"))
            return float(mean_outputs(self.net, self.batches, self.device)[self.score.blob])
        finally:
            for (_, weight), values in zip(pruned, before):
                weight.copy_(values)


def propose(
    score: Score, dense: float, sparsities: Sequence[float], scores: Sequence[float], allowed: float
) -> float | None:
    """The largest sparsity up to which every score is at most ``allowed`` worse than the dense one; None if there is none.

    A larger one that passes after a smaller one that does not passes by chance. ``sparsities`` rise.
    """
    found = None
    for sparsity, value in zip(sparsities, scores):
        if score.loss(dense, value) > allowed + 1e-9:
            break
        found = sparsity
    return found


def layer_lines(proposed: dict[str, float]) -> Iterator[str]:
    """The proposal as lines of a ``dsd_phase``."""
    for layer, sparsity in proposed.items():
        name = layer.replace("\\", "\\\\").replace('"', '\\"')
        yield f'layer {{ name: "{name}" sparsity: {sparsity:g} }}'
