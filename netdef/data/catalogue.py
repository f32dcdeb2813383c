"""Let the registry know the modules of `netdef.data.layers`, which it imports for the types that it is asked for.

A new file needs no entry here.
"""

import netdef.data.layers
from netdef.layers.core.modules import add_modules

add_modules(netdef.data.layers.__path__, "netdef.data.layers")
