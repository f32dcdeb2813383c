"""Make Python names from the names of a net."""

from __future__ import annotations

import builtins
import keyword
import re

import torch

_MODULE = {*keyword.kwlist, *dir(builtins), "self", "torch", "nn", "F", "Tensor", "Path", "load", "load_file"}
_ATTRIBUTES = {*_MODULE, *dir(torch.nn.Module())}
_SUFFIXES = ("", "_scale", "_bias", *(f"_{i}" for i in range(9)))  # of the members of a layer that has several


class Names:
    """Make Python names from names of a text, no two the same."""

    def __init__(self, taken: set[str], suffixes: tuple[str, ...] = ("",)):
        self._taken = set(taken)
        self._suffixes = suffixes

    @classmethod
    def of_attributes(cls) -> Names:
        """Names for attributes of a module, with room for the suffixes of a layer's members."""
        return cls(_ATTRIBUTES, _SUFFIXES)

    @classmethod
    def of_variables(cls) -> Names:
        return cls(_MODULE)

    def new(self, text: str) -> str:
        """A name like ``text`` that is unused with each of the suffixes appended."""
        name = re.sub(r"\W", "_", text)
        name = name if name[:1].isalpha() else f"x{name}" if name.startswith("_") else f"x_{name}"
        while any(name + suffix in self._taken for suffix in self._suffixes):
            name += "_"
        self._taken.update(name + suffix for suffix in self._suffixes)
        return name


def class_name(text: str) -> str:
    """The name of a class for the name of a net."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if joined[:1].isalpha() else f"Net{joined}"
