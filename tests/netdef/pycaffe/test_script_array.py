"""Whether a script can look at an array."""

from __future__ import annotations

import torch

from netdef.pycaffe.script_array import ScriptArray


def test_an_array_is_looked_at_once_after_each_read_and_while_it_is_held():
    view = torch.arange(6.0).reshape(2, 3)
    array = ScriptArray(view)
    assert not array.is_looked_at()
    array.read()[0] = 7
    assert view[0].tolist() == [7, 7, 7]
    assert [array.is_looked_at() for _ in range(2)] == [True, False]
    part = array.read()[:, 1:].ravel()[1:]  # a copy
    assert [array.is_looked_at() for _ in range(2)] == [True, False] and part.size == 3
    held = array.read()[1:][..., :2]
    assert [array.is_looked_at() for _ in range(3)] == [True] * 3 and held.tolist() == [[3, 4]]
    del held
    assert not array.is_looked_at()


def test_an_array_may_be_looked_at_always():
    assert ScriptArray(torch.zeros(2), always=True).is_looked_at()
