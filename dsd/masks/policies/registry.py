"""All mask policies by name. Every module of this folder is imported, so a new file needs no entry here."""

from __future__ import annotations

import functools
import pkgutil
from importlib import import_module

import dsd.masks.policies
from dsd.masks.policies.base import MaskPolicy, registered
from netdef.schema import messages


def policies() -> dict[str, type[MaskPolicy]]:
    """{name in the schema: class} of all policies, in the schema's order."""
    _import_all()
    order = list(messages.DsdPhase.MaskPolicy.keys())
    names = sorted(registered(), key=lambda name: order.index(name) if name in order else len(order))
    return {name: registered()[name] for name in names}


@functools.cache
def _import_all() -> None:
    for module in pkgutil.iter_modules(dsd.masks.policies.__path__):
        import_module(f"dsd.masks.policies.{module.name}")
