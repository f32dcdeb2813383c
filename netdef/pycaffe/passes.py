"""Forward and backward passes layer by layer, from any layer to any other, over blobs that scripts read and write.

A backward pass needs autograd's record of each layer. Recording costs memory, so it is off for nets that only run
forward. It is on in the TRAIN phase, with `force_backward`, in a forward pass that begins in the middle, and in all passes
after the first backward pass. A layer without a record is run again for its backward pass, on what its bottoms hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from netdef.data.feeding.feed import Feed
from netdef.graph.gradients import gradients
from netdef.graph.layer_errors import INSIDE
from netdef.graph.layer_state import as_list, state_kept
from netdef.graph.net import Net
from netdef.layers.mask import Mask
from netdef.pycaffe.blob import Blob, BlobVec
from netdef.pycaffe.errors import raise_named
from netdef.pycaffe.layer_memory import LayerMemory, Uploads, gradient_of
from netdef.pycaffe.memory import BlobMemory
from netdef.pycaffe.quick_pass import QuickPass
from netdef.pycaffe.records import Record, makers, recordable, versions
from netdef.pycaffe.steps import LayerStep, steps_of
from netdef.pycaffe.wiring import Wiring

Hook = Callable[[int], object]
_NOTHING = nullcontext()


class Passes:
    """The passes of a net.

    Attributes: ``before_forward``, ``after_forward``, ``before_backward``, ``after_backward``: functions that are called
    with the number of each layer that a pass comes to.
    """

    def __init__(self, net: Net, wiring: Wiring, blobs: Sequence[Blob], params: Sequence[BlobVec]):
        self.net, self.layers, self.blobs = net, wiring.layers, blobs
        self._uploads = Uploads(
            memory for blobs in params for memory in (blob.data_memory for blob in blobs) if isinstance(memory, LayerMemory))
        self.data_of = wiring.data_of
        self.before_forward: list[Hook] = []
        self.after_forward: list[Hook] = []
        self.before_backward: list[Hook] = []
        self.after_backward: list[Hook] = []
        self._feeds: dict[str, Feed] = {
            top: net.feeds[i] for i in range(len(net.feeds)) for top in net.feeds[i].tops}
        self._forced: bool = net.spec.message.force_backward
        self._recording = net.phase == "TRAIN" or self._forced or any(
            wired.layer is not None and wired.layer.carried for wired in self.layers)
        self._records: dict[int, Record] = {}
        memories = [blob.data_memory for blob in blobs]
        self._memories = [memory for memory in dict.fromkeys(memories) if isinstance(memory, BlobMemory)]
        self._steps = steps_of(self.layers, memories)
        self._quick_pass = QuickPass(net, self.layers, memories, list(dict.fromkeys(self._feeds.values())))
        # The place of one tensor, whose device is the net's. The tensor itself may be replaced.
        self._any_tensor = next(((tensors, name) for module in net.modules()
                                 for tensors in (module._parameters, module._buffers)
                                 for name in tensors if tensors[name] is not None), None)

    @property
    def device(self) -> torch.device:
        """The device of the net's weights."""
        if self._any_tensor is None:
            return torch.device("cpu")
        tensors, name = self._any_tensor
        tensor = tensors[name]
        assert tensor is not None
        return tensor.device

    def forward(self, first: int, last: int, batch: Mapping[str, Tensor] | None = None) -> None:
        """Run the layers from ``first`` to ``last``, both included, on what their bottoms hold.

        Data layers give ``batch``, or their next one.
        """
        self.upload()
        recording = self._recording or first > 0
        is_whole = first == 0 and last == len(self.layers) - 1 and batch is None
        is_watched = self.before_forward or self.after_forward or self.net.is_hooked
        if is_whole and self._quick_pass.is_possible and not (recording or is_watched):
            self.forget()
            self._quick_pass.run(self.device)
        else:
            self._one_by_one(self._steps[first : last + 1], recording, batch)
            self.refresh()

    def _one_by_one(self, steps: Sequence[LayerStep], recording: bool, batch: Mapping[str, Tensor] | None) -> None:
        device, before, after = self.device, self.before_forward, self.after_forward
        with torch.no_grad(), self._recordable() if recording else _NOTHING:
            for step in steps:
                if before:
                    self.call(before, step.number)
                self._forward(step, device, recording, batch)
                if after:
                    self.call(after, step.number)

    def backward(self, first: int, last: int) -> None:
        """Run the layers from ``first`` back to ``last``, both included, on the gradients that their tops hold."""
        self._recording, device = True, self.device
        self.upload()
        with torch.no_grad(), self._recordable():
            for index in range(first, last - 1, -1):
                if self.before_backward:
                    self.call(self.before_backward, index)
                if self.layers[index].needs_backward:
                    self._backward(index, device)
                if self.after_backward:
                    self.call(self.after_backward, index)
        self.refresh_gradients()

    def call(self, hooks: Sequence[Hook], index: int) -> None:
        """Call hooks of a layer, which may write to anything."""
        for hook in hooks:
            hook(index)
        self.upload()

    def upload(self) -> None:
        """Copy writes to the arrays of weights to the layers' tensors."""
        self._uploads.run()

    def forget(self) -> None:
        """Drop the records."""
        self._records.clear()

    def refresh(self) -> None:
        """Update the arrays of blobs between layers."""
        for memory in self._memories:
            memory.refresh()

    def refresh_gradients(self) -> None:
        """Update the arrays of gradients."""
        for blob in self.blobs:
            blob.diff_memory.refresh()
        for parameter in self.net.parameters():
            gradient_of(parameter).refresh()

    # One layer

    def _forward(self, step: LayerStep, device: torch.device, recording: bool, batch: Mapping[str, Tensor] | None) -> None:
        index, run, read, made = step
        tops: Tensor | Sequence[Tensor]
        if run is None:
            tops = self._source_tops(index, device, batch)
        else:
            bottoms = [memory.tensor(device) for memory in read]
            try:
                if recording and self.layers[index].needs_backward:
                    tops = self._record(index, bottoms)
                else:
                    tops = run(*bottoms)
                    self._records.pop(index, None)
            except INSIDE as error:
                raise_named(self.net, self.layers[index], bottoms, error)
        if isinstance(tops, Tensor):
            made[0].put(tops)
        else:
            for memory, tensor in zip(made, tops):
                memory.put(tensor)

    def _source_tops(self, index: int, device: torch.device, batch: Mapping[str, Tensor] | None) -> list[Tensor]:
        """The tops of a data layer or a Mask. Nothing for an Input or a Split, whose tops hold what they should."""
        wired = self.layers[index]
        if wired.layer is not None:
            reader, name = self.net.masked[wired.key][0]
            return as_list(wired.layer(getattr(self.net.layers[reader], name)))
        if wired.is_split or wired.type == "Input":
            return []
        drawn = next(self._feeds[wired.values[0].blob]) if batch is None else batch
        return [drawn[value.blob].to(device) for value in wired.values]

    def _record(self, index: int, bottoms: Sequence[Tensor]) -> list[Tensor]:
        """Run a layer and record it; returns its tops, detached."""
        wired, leaves = self.layers[index], []
        layer = wired.layer
        assert layer is not None
        for place, bottom in zip(wired.places, bottoms):
            blob = wired.bottoms[place]
            overwritten = blob in wired.tops and self.blobs[blob].data_memory.is_array
            leaf = bottom.clone() if overwritten else bottom.detach()
            leaves.append(leaf.requires_grad_(wired.propagate_down[place] and leaf.is_floating_point()))
        with torch.enable_grad():
            tops = as_list(layer(*leaves))
        self._records[index] = Record(leaves, tops, versions(layer))
        return [top.detach() for top in tops]

    def _backward(self, index: int, device: torch.device) -> None:
        wired = self.layers[index]
        diffs = [self._diff(top, device) for top in wired.tops]
        if wired.is_split and wired.propagate_down[0]:
            self.blobs[wired.bottoms[0]].diff_memory.put(torch.stack(diffs).sum(0))
        layer = wired.layer
        if layer is None or isinstance(layer, Mask):
            return
        record = self._records.get(index)
        if record is None or record.versions != versions(layer):
            record = self._replay(index, device)
        made = [(top, diff) for top, diff in zip(record.tops, diffs) if top.requires_grad]
        leaves = [leaf for leaf in record.bottoms if leaf.requires_grad]
        wanted = [*leaves, *(parameter for parameter in layer.parameters() if parameter.requires_grad)]
        found: Sequence[Tensor | None] = [None] * len(wanted)
        if made and wanted:
            tops, slopes = zip(*made)
            found = gradients(tops, slopes, wanted, retain_graph=True)
        for leaf, gradient in zip(leaves, found):
            place = next(place for place, bottom in zip(wired.places, record.bottoms) if bottom is leaf)
            self.blobs[wired.bottoms[place]].diff_memory.put(torch.zeros_like(leaf) if gradient is None else gradient)
        for parameter, gradient in zip(wanted[len(leaves) :], found[len(leaves) :]):
            if gradient is not None:
                gradient_of(parameter).add(gradient)

    def _diff(self, blob: int, device: torch.device) -> Tensor:
        memory = self.blobs[blob].diff_memory
        memory.reshape(self.blobs[blob].shape)
        return memory.tensor(device)

    # What a backward pass needs of a forward pass

    def _replay(self, index: int, device: torch.device) -> Record:
        """Run and record a layer again. If it works in place, so are those before it that made what it has overwritten."""
        values: dict[int, Tensor] = {}
        for number in makers(self.layers, index):
            wired = self.layers[number]
            if wired.layer is not None:
                bottoms = [values.get(blob, self.blobs[blob].data_memory.tensor(device))
                           for blob in (wired.bottoms[place] for place in wired.places)]
                with state_kept([wired.layer]):
                    values.update(zip(wired.tops, self._record(number, bottoms)))
        return self._records[index]

    def _recordable(self) -> AbstractContextManager[None]:
        return recordable(self.layers, self.net.parameters() if self._forced else ())
