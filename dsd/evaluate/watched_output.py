"""The output of a test net that measures how good a net is, and the direction in which it improves."""

from __future__ import annotations

import math

from dsd.evaluate.scores import ranked_detections
from netdef.errors import among
from netdef.graph.net import Net


def improves_upward(net: Net, output: str) -> bool:
    """Whether an output is better when it is larger: by its name, ``accuracy*``, or because its layer says so."""
    return output.startswith("accuracy") or output in _larger_is_better(net)


def default_output(net: Net) -> str | None:
    """The first output called ``accuracy*``, else the first that improves upward, else the first loss; None without any.

    Only outputs whose score is one number count, if there are any.
    """
    found = [output for output in net.outputs if output.startswith("accuracy")]
    found += [output for output in net.outputs if output in _larger_is_better(net)]
    found += [output for output in net.outputs if net.loss_weights.get(output)]
    single = [output for output in found if score_size(net, output) == 1]
    return next(iter([*single, *found]), None)


def score_size(net: Net, output: str) -> int:
    """Count the numbers in the score of an output. DetectionEvaluate's rows have one score, the mean average precision."""
    return 1 if output in ranked_detections(net) else math.prod(net.shapes[output])


def why_not_single(net: Net, output: str) -> str | None:
    """The complaint that the net lacks the output, or that its score is more than one number; None if all is well."""
    if output not in net.outputs:
        return f"the test net has no output `{output}`{among(output, net.outputs, 'its outputs are')}"
    size = score_size(net, output)
    return None if size == 1 else f"output `{output}` has {size} numbers; only one can be followed"


def _larger_is_better(net: Net) -> set[str]:
    return {value.blob for node in net.graph.nodes if node.key in net.layers and net.layers[node.key].larger_is_better
            for value in node.tops}
