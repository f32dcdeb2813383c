"""Caffe nets as PyTorch modules: read a prototxt, compile it, read and write weight files.

The names below are the public API; `__init__.pyi` has their types. They are imported when they are first used, so that
commands that only print help or report an error in a text do not wait for torch.
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
    if name == "__version__":
        from importlib.metadata import version

        return version("netdef-dsd")
    if name not in _HOMES:
        raise AttributeError(f"module `netdef` has no attribute `{name}`")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
