"""Modules are found by the types that their files register."""

from __future__ import annotations

import sys
from pathlib import Path

from netdef.layers.core import modules


def test_modules_are_imported_for_their_types_alone(tmp_path: Path, monkeypatch):
    package = tmp_path / "rooms_of_a_test"
    (package / "inner").mkdir(parents=True)
    (package / "one.py").write_text("def register(*_):\n    return lambda f: f\n\n\n"
                                    '@register("One", "Five",\n          "Six")\n@register("Two", 3)\ndef f(): ...\n')
    (package / "inner" / "three.py").write_text('def g(): ...  # no @register("Four")\n\n\nx = """\n@register("Three")"""\n')
    monkeypatch.setattr(modules, "_modules", {})
    monkeypatch.syspath_prepend(str(tmp_path))
    modules.add_modules([str(package)], "rooms_of_a_test")
    assert list(modules.types()) == ["Five", "One", "Six", "Three", "Two"]
    modules.import_type("Two")
    modules.import_type("Nine")
    assert {name for name in sys.modules if name.startswith("rooms_of_a_test")} == {"rooms_of_a_test", "rooms_of_a_test.one"}
    modules.import_all()
    assert "rooms_of_a_test.inner.three" in sys.modules
