"""Layers as people write them for torch. Nets name this module."""

from __future__ import annotations

import torch
from torch import nn


class Perceptron(nn.Module):
    """A layer of torch with running statistics, a frozen parameter, and options from `param_str`."""

    def __init__(self, inside: int = 4, bias: bool = True):
        super().__init__()
        self.first = nn.Linear(3, inside, bias=bias)
        self.norm = nn.BatchNorm1d(inside)
        self.offset = nn.Parameter(torch.full((inside,), 0.25), requires_grad=False)
        self.register_buffer("order", torch.arange(inside).flip(0), persistent=False)

    def forward(self, x):
        return (self.norm(self.first(x)) + self.offset)[:, self.order]


class Word(nn.Module):
    """Keeps a string; makes two tops."""

    def __init__(self, word: str = ""):
        super().__init__()
        self.word = word

    def forward(self, x):
        return x * len(self.word), x.sum()


class Learned(nn.Module):
    """No bottoms: a parameter."""

    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.tensor([1.0, 2.0]))

    def forward(self):
        return self.value * 3
