"""Check the numbers of bottoms, tops, loss weights and masks of a layer against what its type takes."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition
from netdef.errors import Problems
from netdef.layers.core.base import Entry, Layer


def refuse_mask(spec: LayerDefinition, name: str, place: int, problems: Problems) -> None:
    """Add that the mask of this name covers nothing in a layer."""
    problems.add(
        f"layer `{spec.name}` ({spec.type}) takes mask `{name}`, but has no weights that a mask can cover",
        spec.span("bottom", place),
    )


def check_arity(
    spec: LayerDefinition, cls: type[Layer] | type[Entry], n_bottoms: int, n_tops: int, problems: Problems
) -> None:
    """Check how many bottoms, masks left out, and tops a layer has."""
    besides = " besides masks" if len(spec.bottoms) > n_bottoms else ""
    for kind, arity, count, more in (("bottom", cls.n_bottoms, n_bottoms, besides), ("top", cls.n_tops, n_tops, "")):
        if not arity.admits(count):
            plural = "" if str(arity).endswith(" 1") or str(arity) == "1" else "s"
            problems.add(
                f"layer `{spec.name}` ({spec.type}) takes {arity} {kind}{plural}{more}, the text gives {count}",
                spec.span(kind, max(count - 1, 0)),
            )
            return
    if issubclass(cls, Layer) and cls.equal_bottoms_tops and n_bottoms != n_tops:
        problems.add(
            f"layer `{spec.name}` ({spec.type}) makes one top from each bottom; the text gives {n_bottoms} and {n_tops}",
            spec.span("top"),
        )


def check_propagate_down(spec: LayerDefinition, n_bottoms: int, problems: Problems) -> None:
    """Check that ``propagate_down`` is given once a bottom or not at all; masks may be counted or not."""
    count = len(spec.message.propagate_down)
    if count not in (0, n_bottoms, len(spec.bottoms)):
        problems.add(
            f"layer `{spec.name}` ({spec.type}) has {count} propagate_down and {len(spec.bottoms)} bottoms; "
            "give none, or one a bottom", spec.span("propagate_down"),
        )


def loss_weights(
    spec: LayerDefinition, cls: type[Layer] | type[Entry] | None, n_tops: int, problems: Problems
) -> tuple[float, ...]:
    """The loss weight of each top: as given, or 1 for the first top of a loss."""
    weights = tuple(spec.message.loss_weight)
    if weights and len(weights) != n_tops:
        problems.add(
            f"layer `{spec.name}` has {len(weights)} loss_weight and {n_tops} tops; give none, or one a top",
            spec.span("loss_weight"),
        )
    if not weights and cls is not None and issubclass(cls, Layer) and cls.is_loss:
        weights = (1.0,)
    return weights + (0.0,) * (n_tops - len(weights))
