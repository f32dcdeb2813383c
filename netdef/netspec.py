"""The old import path of `netdef.builder.net_spec`."""

from netdef.builder.net_spec import *  # noqa: F403
