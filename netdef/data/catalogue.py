"""Import every module of `netdef.data.layers`, which registers the data layers; a new file needs no entry here."""

import pkgutil
from importlib import import_module

import netdef.data.layers

for _module in pkgutil.iter_modules(netdef.data.layers.__path__, "netdef.data.layers."):
    import_module(_module.name)
