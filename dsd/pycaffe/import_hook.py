"""`install`: make ``import caffe`` import the interface on netdef and dsd."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType, TracebackType

from netdef.errors import NetdefError
from netdef.layers.python import stand_in as user_layers


class CaffeFinder(Loader):
    """Find ``caffe`` before all other finders: scripts put an unbuilt source tree first on Python's path."""

    def __init__(self) -> None:
        self.modules: dict[str, ModuleType] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of ``caffe`` and of the modules in it that are ours."""
        if name == "caffe" or name in self.modules:
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module; importing one puts all of them into `sys.modules`."""
        if not self.modules:
            from dsd.pycaffe.module import package

            self.modules = package()
        sys.modules.update(self.modules)
        return self.modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module is complete."""


class Installation:
    """The result of `install`: a context manager that calls `uninstall` at its end."""

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        uninstall()


_finder = CaffeFinder()


def install(*, allow_python: bool = False, lenient: bool = False) -> Installation:
    """Make ``import caffe`` import the interface on netdef and dsd, in this process.

    ``allow_python`` lets nets run the Python layers that they name. ``lenient`` leaves out unknown fields, with
    a warning each. Raises `NetdefError` if another caffe is imported already.
    """
    from netdef.pycaffe.mode import choices

    other = sys.modules.get("caffe")
    if other is not None and other is not _finder.modules.get("caffe"):
        where = getattr(other, "__file__", None) or "somewhere"
        raise NetdefError(f"another caffe is imported already, from {where}; call dsd.pycaffe.install() before `import caffe`")
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    user_layers.installed = lambda: importlib.import_module("caffe")
    choices.allow_python, choices.lenient = allow_python, lenient
    return Installation()


def uninstall() -> None:
    """Undo `install`. Modules that a script has imported keep working."""
    from netdef.pycaffe.mode import choices

    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        for name in [name for name in sys.modules if name == "caffe" or name.startswith("caffe.")]:
            del sys.modules[name]
    user_layers.installed = None
    choices.allow_python = choices.lenient = False
