"""Layers as people wrote them for the original's Python interface. Nets name this module; a plain import fails."""

from __future__ import annotations

import random
from typing import ClassVar

import caffe
import numpy as np


class EuclideanLoss(caffe.Layer):
    """Half the squared distance of two bottoms over the number of items; the weight of the loss is the top's diff."""

    def setup(self, bottom, top):
        if len(bottom) != 2:
            raise Exception("Need two inputs to compute distance.")

    def reshape(self, bottom, top):
        if bottom[0].count != bottom[1].count:
            raise Exception("Inputs must have the same dimension.")
        self.difference = np.zeros_like(bottom[0].data)
        top[0].reshape(1)

    def forward(self, bottom, top):
        self.difference[...] = bottom[0].data - bottom[1].data
        top[0].data[...] = np.sum(self.difference**2) / bottom[0].num / 2.0

    def backward(self, top, propagate_down, bottom):
        for i, sign in enumerate((1, -1)):
            if propagate_down[i]:
                bottom[i].diff[...] = sign * self.difference * top[0].diff[0] / bottom[i].num


class Texts(caffe.Layer):
    """The lengths of `param_str` and of those that wangshankun's nets have beside it."""

    def setup(self, bottom, top):
        pass

    def reshape(self, bottom, top):
        top[0].reshape(4)

    def forward(self, bottom, top):
        top[0].data[...] = [len(text) for text in (self.param_str, self.param_str1, self.param_str2, self.param_str3)]


class Affine(caffe.Layer):
    """x * scale + shift, one of each a channel; `param_str` is the scale at the start."""

    def setup(self, bottom, top):
        self.blobs.add_blob(bottom[0].channels)
        self.blobs.add_blob(bottom[0].channels)
        self.blobs[0].data[...] = float(self.param_str or 1)

    def reshape(self, bottom, top):
        top[0].reshape(*bottom[0].shape)

    def along(self, values):
        return values.reshape(1, -1, *[1] * 2)

    def forward(self, bottom, top):
        scale, shift = (self.along(blob.data) for blob in self.blobs)
        top[0].data[...] = bottom[0].data * scale + shift

    def backward(self, top, propagate_down, bottom):
        self.blobs[0].diff[...] += (top[0].diff * bottom[0].data).sum((0, 2, 3))
        self.blobs[1].diff[...] += top[0].diff.sum((0, 2, 3))
        if propagate_down[0]:
            bottom[0].diff[...] = top[0].diff * self.along(self.blobs[0].data)


class Halver(caffe.Layer):
    """Halves what it has in place; makes its gradient in forward."""

    def setup(self, bottom, top):
        pass

    def reshape(self, bottom, top):
        pass

    def forward(self, bottom, top):
        top[0].data[...] *= 0.5

    def backward(self, top, propagate_down, bottom):
        bottom[0].diff[...] *= 0.5


class Noise(caffe.Layer):
    """Adds numbers of numpy's and of Python's generator."""

    def setup(self, bottom, top):
        pass

    def reshape(self, bottom, top):
        top[0].reshape(*bottom[0].shape)

    def forward(self, bottom, top):
        top[0].data[...] = bottom[0].data + np.random.rand(*bottom[0].shape) + random.random()

    def backward(self, top, propagate_down, bottom):
        bottom[0].diff[...] = top[0].diff


class GradientInForward(caffe.Layer):
    """The sum of squares; the gradient is made in forward, as the original lets a layer do."""

    def setup(self, bottom, top):
        pass

    def reshape(self, bottom, top):
        top[0].reshape(1)

    def forward(self, bottom, top):
        top[0].data[0] = np.sum(bottom[0].data ** 2)
        bottom[0].diff[...] = 2 * bottom[0].data

    def backward(self, top, propagate_down, bottom):
        pass


class Counter(caffe.Layer):
    """Data: batches of (start, start + 1, ...), `param_str` items a batch, from a start that setup draws."""

    setups = 0

    def setup(self, bottom, top):
        Counter.setups += 1
        self.size = int(self.param_str)
        self.next = 0
        top[0].reshape(self.size, 3)
        top[1].reshape(self.size)

    def reshape(self, bottom, top):
        pass

    def forward(self, bottom, top):
        top[1].data[...] = np.arange(self.next, self.next + self.size)
        top[0].data[...] = np.random.rand(self.size, 3)
        self.next += self.size

    def backward(self, top, propagate_down, bottom):
        pass


class Shuffler(Counter):
    """Begins where setup says by chance."""

    def setup(self, bottom, top):
        super().setup(bottom, top)
        self.next = np.random.randint(1000)


class Sink(caffe.Layer):
    """Takes and makes nothing; writes what it saw and its phase."""

    seen: ClassVar[list] = []

    def setup(self, bottom, top):
        self.seen.append((self.phase, self.param_str_))

    def reshape(self, bottom, top):
        pass

    def forward(self, bottom, top):
        self.seen.append(float(bottom[0].data.sum()))

    def backward(self, top, propagate_down, bottom):
        pass


class Broken(caffe.Layer):
    """Fails in the method that `param_str` names."""

    def setup(self, bottom, top):
        self.fail("setup")

    def reshape(self, bottom, top):
        self.fail("reshape")
        top[0].reshape(*bottom[0].shape)

    def forward(self, bottom, top):
        self.fail("forward")

    def backward(self, top, propagate_down, bottom):
        self.fail("backward")

    def fail(self, method):
        if self.param_str == method:
            raise KeyError("no such thing")


class LearningData(caffe.Layer):
    """Parameters and no bottoms."""

    def setup(self, bottom, top):
        self.blobs.add_blob(3)

    def reshape(self, bottom, top):
        top[0].reshape(3)


class Neither:
    """Of no kind that a net can use."""
