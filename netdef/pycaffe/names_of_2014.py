"""Deprecated methods of nets, which scripts of 2014 call; each warns and names its replacement."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from netdef.pycaffe import mode
from netdef.pycaffe.batches import BatchNet
from netdef.pycaffe.transformer import Transformer


def _warn(old: str, new: str) -> None:
    warnings.warn(f"{old} is of 2014; today one writes {new}", DeprecationWarning, stacklevel=3)


class NetOf2014(BatchNet):
    """The deprecated methods for preprocessing, phase and mode."""

    transformer: Transformer

    def set_phase_test(self) -> None:
        """Compute as in testing: no dropout, running statistics. The layers stay those of the net's phase."""
        _warn("net.set_phase_test()", "caffe.Net(file, caffe.TEST)")
        self.module.eval()

    def set_phase_train(self) -> None:
        """Compute as in training."""
        _warn("net.set_phase_train()", "caffe.Net(file, caffe.TRAIN)")
        self.module.train()

    def set_mode_cpu(self) -> None:
        """`caffe.set_mode_cpu`."""
        _warn("net.set_mode_cpu()", "caffe.set_mode_cpu()")
        mode.set_mode_cpu()

    def set_mode_gpu(self) -> None:
        """`caffe.set_mode_gpu`."""
        _warn("net.set_mode_gpu()", "caffe.set_mode_gpu()")
        mode.set_mode_gpu()

    def set_device(self, device_id: int) -> None:
        """`caffe.set_device`."""
        _warn("net.set_device()", "caffe.set_device()")
        mode.set_device(device_id)

    def set_mean(self, in_: str, mean: np.ndarray | str, mode: str = "elementwise") -> None:
        """`Transformer.set_mean`, of an array or an ``.npy`` file; ``mode="channel"`` takes the mean of each channel."""
        _warn("net.set_mean()", "caffe.io.Transformer.set_mean()")
        if mode not in ("elementwise", "channel"):
            raise ValueError(f"`mode` is elementwise or channel, not {mode}")
        array = np.load(mean, allow_pickle=False) if isinstance(mean, str) else mean
        self._transformer_of_2014().set_mean(in_, array.mean((1, 2)) if mode == "channel" and array.ndim == 3 else array)

    def set_raw_scale(self, in_: str, scale: float) -> None:
        """`Transformer.set_raw_scale`."""
        _warn("net.set_raw_scale()", "caffe.io.Transformer.set_raw_scale()")
        self._transformer_of_2014().set_raw_scale(in_, scale)

    def set_input_scale(self, in_: str, scale: float) -> None:
        """`Transformer.set_input_scale`."""
        _warn("net.set_input_scale()", "caffe.io.Transformer.set_input_scale()")
        self._transformer_of_2014().set_input_scale(in_, scale)

    def set_channel_swap(self, in_: str, order: Sequence[int]) -> None:
        """`Transformer.set_channel_swap`."""
        _warn("net.set_channel_swap()", "caffe.io.Transformer.set_channel_swap()")
        self._transformer_of_2014().set_channel_swap(in_, order)

    def preprocess(self, in_: str, data: np.ndarray) -> np.ndarray:
        """`Transformer.preprocess`, with the channels of an (H, W, K) image put first."""
        _warn("net.preprocess()", "caffe.io.Transformer.preprocess()")
        return self._transformer_of_2014().preprocess(in_, data)

    def deprocess(self, in_: str, data: np.ndarray) -> np.ndarray:
        """`Transformer.deprocess`."""
        _warn("net.deprocess()", "caffe.io.Transformer.deprocess()")
        return self._transformer_of_2014().deprocess(in_, data)

    def _transformer_of_2014(self) -> Transformer:
        """The transformer of these methods; a `Classifier`'s own if the net is one."""
        if not hasattr(self, "transformer"):
            self.transformer = Transformer({name: self.blobs[name].shape for name in self.inputs})
            for name in self.inputs:
                if len(self.blobs[name].shape) == 4:
                    self.transformer.set_transpose(name, (2, 0, 1))
        return self.transformer
