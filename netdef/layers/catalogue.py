"""Every layer this package knows: importing this file registers them all. One line a family, in alphabetical order."""

from netdef.layers import mask  # noqa: F401
