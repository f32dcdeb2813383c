"""Watch the passes of a net layer by layer: bottoms, tops, gradients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from torch import Tensor, nn

from netdef.graph.graph import Node
from netdef.graph.layer_state import as_list
from netdef.graph.net import Net
from netdef.layers.mask import Mask


class PassWatcher:
    """The base class of watchers of a net's passes. Its methods do nothing unless overridden."""

    def began(self, inputs: Mapping[str, Tensor]) -> None:
        """Called when a forward pass begins, on these tops of the net's data and Input layers."""

    def before(self, node: Node, bottoms: Sequence[Tensor]) -> None:
        """Called before a layer runs; it may overwrite its bottoms."""

    def after(self, node: Node, tops: Sequence[Tensor]) -> None:
        """Called after a layer has run; the next may overwrite its tops."""

    def ended(self) -> None:
        """Called when a forward pass is over."""

    def gradient(self, node: Node, bottom: int, gradient: Tensor) -> None:
        """Called in a backward pass when a layer has made the gradient of one of its bottoms.

        If several layers read a blob, each reports its own gradient, as after a Split layer of Caffe.
        """


@contextmanager
def watched(net: Net, watcher: PassWatcher) -> Iterator[None]:
    """Context manager in which ``watcher`` is called for every pass of the net.

    The results are the same to the bit, except for layers that the net otherwise runs as one. Mask layers do not run in a
    pass and are left out. A net without a watcher is as fast as before.
    """
    def begin(module: nn.Module, args: tuple[Tensor, ...], inputs: dict[str, Tensor]) -> None:
        watcher.began(dict(zip(net.inputs, args)) | inputs)

    with ExitStack() as hooks:
        hooks.callback(net.register_forward_pre_hook(begin, with_kwargs=True).remove)
        hooks.callback(net.register_forward_hook(lambda *call: watcher.ended()).remove)
        for node in net.graph.nodes:
            layer = net.layers.get(node.key)
            if layer is not None and not isinstance(layer, Mask):
                read_by_others = [
                    len(net.graph.readers[value]) > 1 or value in net.graph.outputs for value in node.bottoms]
                before, after = partial(_before, watcher, node, read_by_others), partial(_after, watcher, node)
                hooks.callback(layer.register_forward_pre_hook(before).remove)
                hooks.callback(layer.register_forward_hook(after).remove)
        yield


def _before(
    watcher: PassWatcher, node: Node, read_by_others: Sequence[bool], layer: nn.Module, bottoms: tuple[Tensor, ...]
) -> tuple[Tensor, ...]:
    """Report the bottoms; return what the layer reads: an alias of each bottom whose gradient other layers add to."""
    watcher.before(node, bottoms)
    given = []
    for index, (bottom, shared) in enumerate(zip(bottoms, read_by_others)):
        if bottom.requires_grad:
            bottom = bottom.view_as(bottom) if shared else bottom
            bottom.register_hook(partial(_report_gradient, watcher, node, index))
        given.append(bottom)
    return tuple(given)


def _after(watcher: PassWatcher, node: Node, layer: nn.Module, bottoms: tuple[Tensor, ...], tops: Any) -> None:
    watcher.after(node, as_list(tops))


def _report_gradient(watcher: PassWatcher, node: Node, bottom: int, gradient: Tensor) -> None:
    watcher.gradient(node, bottom, gradient)
