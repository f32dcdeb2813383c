"""The types of the public API, which `__init__.py` imports when it is first used."""

from netdef.api import from_proto as from_proto
from netdef.api import load as load
from netdef.api import loads as loads
from netdef.builder.net_spec import NetSpec as NetSpec
from netdef.errors import FileError as FileError
from netdef.errors import NetdefError as NetdefError
from netdef.errors import Problem as Problem
from netdef.errors import SpecError as SpecError
from netdef.graph.net import Net as Net
from netdef.layers.core.base import Layer as Layer
from netdef.layers.core.registry import register as register
from netdef.weights.load import load_weights as load_weights
from netdef.weights.save import save_weights as save_weights

__version__: str
