"""The window of pooling stated in a text, and its places on a plane."""

from __future__ import annotations

import pytest

from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.layers.pooling_window import PoolingWindow, read_window


def definition(param: str) -> LayerDefinition:
    return read_net_text(f'layer {{ name: "l" type: "Pooling" bottom: "x" top: "y" pooling_param {{ {param} }} }}').layers[0]


@pytest.mark.parametrize("param, wanted", [
    ("kernel_size: 3", PoolingWindow((3, 3), (1, 1), (0, 0), (0, 0), ceil=True)),
    ("kernel_h: 3 kernel_w: 2 stride: 2 pad_h: 0 pad_w: 1 round_mode: FLOOR",
     PoolingWindow((3, 2), (2, 2), (0, 1), (0, 1), ceil=False)),
    ("kernel_size: 3 kernel_size: 2 pad: [1, 0]", PoolingWindow((3, 2), (1, 1), (1, 0), (1, 0), ceil=True)),
    ("global_pooling: true", PoolingWindow((7, 6), (1, 1), (0, 0), (0, 0), ceil=True, whole=True)),
    ("kernel_size: 3 pad_t: 1 pad_r: 2", PoolingWindow((3, 3), (1, 1), (1, 0), (0, 2), ceil=True)),
    ("kernel_size: 2 stride: 2 pad_type: 1", PoolingWindow((2, 2), (2, 2), (0, 0), (0, 0), ceil=True, same=True)),
    ("kernel_size: 2 pad_type: 1 pad_h: 1 pad_w: 0", PoolingWindow((2, 2), (1, 1), (0, 0), (0, 0), ceil=True, same=True)),
])
def test_windows_are_read(param, wanted):
    assert read_window(definition(param), (7, 6)) == wanted


@pytest.mark.parametrize("param, sizes, places, room", [
    ("kernel_size: 3 stride: 2", (7, 6), (3, 3), (0, 1)),  # rounded up: 5 / 2 and 4 / 2 steps
    ("kernel_size: 3 stride: 2 round_mode: FLOOR", (8, 6), (3, 2), (0, 0)),
    ("kernel_size: 2 stride: 2 pad: 1", (7, 6), (4, 4), (0, 1)),
    ("kernel_size: 3 stride: 2 pad_type: 1", (7, 6), (4, 3), (1, 1)),
    ("global_pooling: true", (7, 6), (1, 1), (0, 0)),
    ("kernel_size: 1 stride: 3", (7, 6), (3, 2), (0, 0)),  # a third column would be at 6
])
def test_places_on_a_plane_are_counted(param, sizes, places, room):
    window = read_window(definition(param), sizes)
    assert window.places(sizes) == places and window.room(sizes) == room


def test_same_padding_is_larger_behind():
    window = read_window(definition("kernel_size: 4 stride: 2 pad_type: 1"), (7, 6))
    assert window.padding((7, 6)) == ((1, 1), (2, 1))  # of 3 and of 2


@pytest.mark.parametrize("param, is_even, may_miss", [
    ("kernel_size: 3 pad: 1", True, False),
    ("kernel_size: 3 pad: 2", False, False),
    ("kernel_size: 3 pad_t: 1", False, False),
    ("kernel_size: 2 stride: 3", True, True),
    ("kernel_h: 2 kernel_w: 1 stride: 3", True, False),
    ("kernel_size: 2 stride: 3 round_mode: FLOOR", True, False),
])
def test_even_windows_and_windows_that_may_miss_the_plane(param, is_even, may_miss):
    window = read_window(definition(param), (8, 8))
    assert (window.is_even, window.may_miss) == (is_even, may_miss)


@pytest.mark.parametrize("param, said", [
    ("stride: 2", "needs a `kernel_size`, or `kernel_h` and `kernel_w`, or `global_pooling: true`"),
    ("kernel_size: 3 stride: 0", r"has stride \(0, 0\); it must be at least 1"),
    ("kernel_size: 2 pad: 2", r"has pad \(2, 2\); it must be smaller than the kernel \(2, 2\)"),
    ("kernel_size: 9", "has a kernel of 9, which does not fit a bottom of size 7 with pad 0"),
    ("kernel_size: 2 stride: 6", "would have its last window at 6, outside a bottom of size 6 .* `round_mode: FLOOR`"),
    ("kernel_h: 2", "gives `kernel_h` without `kernel_w`"),
    ("global_pooling: true kernel_size: 3", "pools globally, so `kernel_size` has no place"),
    ("global_pooling: true pad: 1", r"pools globally with pad \(1, 1\) and stride \(1, 1\); they must be 0 and 1"),
    ("kernel_size: 3 pad: 1 pad_t: 1", "gives both `pad` and `pad_t`"),
    ("kernel_size: 3 pad_type: 2", "has `pad_type` 2; it is 0 .* or 1"),
])
def test_bad_windows_are_refused(param, said):
    with pytest.raises(SpecError, match=said):
        read_window(definition(param), (7, 6))


@pytest.mark.parametrize("param, wanted", [
    ("kernel_size: 3 stride: 2", PoolingWindow((3, 3, 3), (2, 2, 2), (0, 0, 0), (0, 0, 0), ceil=True)),
    ("kernel_size: [1, 2, 3] stride: [1, 2, 2] pad: [0, 1, 1]",
     PoolingWindow((1, 2, 3), (1, 2, 2), (0, 1, 1), (0, 1, 1), ceil=True)),
    ("global_pooling: true", PoolingWindow((7, 6, 8), (1, 1, 1), (0, 0, 0), (0, 0, 0), ceil=True, whole=True)),
])
def test_windows_of_volumes_have_a_size_for_each_axis(param, wanted):
    assert read_window(definition(param), (7, 6, 8)) == wanted


@pytest.mark.parametrize("param, said", [
    ("kernel_size: [2, 3]", "gives `kernel_size` 2 times for 3 axes"),
    ("kernel_h: 2 kernel_w: 2", "gives `kernel_h` for a bottom of 5 axes; give `kernel_size`"),
    ("kernel_size: 3 pad_t: 1", "gives `pad_t` for a bottom of 5 axes"),
])
def test_bad_windows_of_volumes_are_refused(param, said):
    with pytest.raises(SpecError, match=said):
        read_window(definition(param), (7, 6, 8))
