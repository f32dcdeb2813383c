"""Import every module of this package, which registers the layers in it; a new file needs no entry here."""

import pkgutil
from importlib import import_module

import netdef.layers

for _module in pkgutil.walk_packages(netdef.layers.__path__, "netdef.layers."):
    import_module(_module.name)
