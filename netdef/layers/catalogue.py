"""Let the registry know the modules of this package, which it imports for the types that it is asked for.

A new file needs no entry here.
"""

import netdef.layers
from netdef.layers.core.modules import add_modules

add_modules(netdef.layers.__path__, "netdef.layers")
