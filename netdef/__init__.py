"""Caffe nets as PyTorch modules: read prototxt, compile it, read and write every weight file.

The names below are the public API. They are imported when first used, so that a command that prints help or complains
about a text does not wait for torch.
"""

from importlib import import_module

_HOMES = {
    "FileError": "netdef.errors",
    "Layer": "netdef.layers.core.base",
    "Net": "netdef.graph.net",
    "NetSpec": "netdef.builder.net_spec",
    "NetdefError": "netdef.errors",
    "Problem": "netdef.errors",
    "SpecError": "netdef.errors",
    "from_proto": "netdef.api",
    "load": "netdef.api",
    "load_weights": "netdef.weights.load",
    "loads": "netdef.api",
    "register": "netdef.layers.core.registry",
    "save_weights": "netdef.weights.save",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module `netdef` has no attribute `{name}`")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
