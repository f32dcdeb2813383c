"""Modules and names of Python 2."""

from __future__ import annotations

from dsd.pycaffe.python2 import names


def test_map_fills_up_with_none_and_makes_tuples_without_a_function():
    assert names.map_(None, [1, 2, 3], "ab") == [(1, "a"), (2, "b"), (3, None)] and names.map_(None, "ab") == ["a", "b"]
    assert names.map_(lambda a, b: (b, a), [1, 2], [3]) == [(3, 1), (None, 2)] and names.map_(abs, (-1, 2)) == [1, 2]


def test_filter_keeps_the_kind():
    assert names.filter_(str.isdigit, "a1b2") == "12" and names.filter_(None, (0, 3)) == (3,)
    assert names.filter_(lambda x: x > 1, {1: 0, 2: 0}) == [2]


def test_single_bytes_have_a_number():
    assert names.ord_("a") == 97 == names.ord_(b"ab"[0]) == names.ord_(b"a")


def test_new_names_of_a_function_are_those_of_its_module():
    module: dict[str, object] = {"known": 1}
    scope = names.ExecScope(module, {"local": 2})
    exec("new = known = local; local = 3", module, scope)
    assert module["new"] == module["known"] == 2 and scope["local"] == 3 and "local" not in module
