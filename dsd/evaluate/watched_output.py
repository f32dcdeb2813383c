"""The output of a test net that measures how good a net is, and the direction in which it improves."""

from __future__ import annotations

from netdef.graph.net import Net


def improves_upward(net: Net, output: str) -> bool:
    """Whether an output is an accuracy, by its name or its layer's type: the larger the better."""
    return output.startswith("accuracy") or output in _accuracies(net)


def default_output(net: Net) -> str | None:
    """The first output called ``accuracy*``, else the first of an Accuracy layer, else the first loss; None without any."""
    found = [output for output in net.outputs if output.startswith("accuracy")]
    found += [output for output in net.outputs if output in _accuracies(net)]
    found += [output for output in net.outputs if net.loss_weights.get(output)]
    return found[0] if found else None


def _accuracies(net: Net) -> set[str]:
    return {top for layer in net.spec.layers if layer.type == "Accuracy" for top in layer.tops}
