"""Sliding windows stated in a text, and whether they fit."""

from __future__ import annotations

import pytest

from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.layers.convolution_window import Window, check_fits, read_same, read_sides, read_window, same_sides


def definition(param: str) -> LayerDefinition:
    text = f'layer {{ name: "l" type: "Convolution" bottom: "x" top: "y" convolution_param {{ {param} }} }}'
    return read_net_text(text).layers[0]


@pytest.mark.parametrize("param, n_spatial, wanted", [
    ("kernel_size: 3", 2, Window((3, 3), (1, 1), (0, 0), (1, 1))),
    ("kernel_size: 3 kernel_size: 2 stride: 2 pad: 1 pad: 0 dilation: 4", 2, Window((3, 2), (2, 2), (1, 0), (4, 4))),
    ("kernel_h: 3 kernel_w: 2 stride_h: 5 stride_w: 4 pad_w: 1", 2, Window((3, 2), (5, 4), (0, 1), (1, 1))),
    ("kernel_size: 3 pad: 2", 1, Window((3,), (1,), (2,), (1,))),
    ("", 0, Window((), (), (), ())),
])
def test_windows_are_read(param, n_spatial, wanted):
    assert read_window(definition(param), n_spatial) == wanted


def test_the_extent_of_a_dilated_kernel():
    assert Window((3, 2), (1, 1), (0, 0), (2, 4)).extent == (5, 5)


@pytest.mark.parametrize("param, n_spatial, said, place", [
    ("pad: 1", 2, "needs a `kernel_size`", None),
    ("kernel_size: 0", 2, "has `kernel_size` 0; it must be at least 1", "kernel_size: 0"),
    ("kernel_size: 3 stride_h: 2", 2, "gives `stride_h` without `stride_w`", "stride_h: 2"),
    ("kernel_size: 3 pad: 1 pad_h: 1", 2, "gives both `pad` and `pad_h`; give one of them", "pad_h: 1"),
    ("kernel_h: 3 kernel_w: 2", 1, "gives `kernel_h`, which is for 2 spatial axes, and has 1", "kernel_h: 3"),
    ("kernel_size: 3 stride: 1 stride: 2", 3, "gives `stride` 2 times; give it once, or once for each", "stride: 1 stride: 2"),
])
def test_bad_windows_are_refused(param, n_spatial, said, place):
    with pytest.raises(SpecError, match=said) as error:
        read_window(definition(param), n_spatial)
    assert place in (None, error.value.problems[0].span.text)


def test_zeros_on_single_sides():
    assert read_sides(definition("pad_l: 1 pad_b: 3"), 2, transposed=False) == (1, 0, 0, 3)
    assert read_sides(definition("pad: 1"), 2, transposed=False) is None
    for param, n_spatial, transposed in (("pad_l: 1", 1, False), ("pad_t: 1", 2, True)):
        with pytest.raises(SpecError, match="which is for a convolution with 2 spatial axes"):
            read_sides(definition(param), n_spatial, transposed)
    with pytest.raises(SpecError, match="gives both `pad` and `pad_r`"):
        read_sides(definition("pad: 1 pad_r: 2"), 2, transposed=False)


@pytest.mark.parametrize("window, sides", [
    (Window((3, 4), (2, 3), (0, 0), (1, 1)), (1, 1, 1, 1)),  # 7 rows: 4 places, 2 zeros; 8 columns: 3 places, 2 zeros
    (Window((3, 2), (1, 2), (0, 0), (2, 1)), (0, 0, 1, 3)),  # by dilation the last of 7 places reads 4 rows more; 1 is in front
    (Window((1, 1), (3, 3), (0, 0), (1, 1)), (0, 0, 0, 0)),
])
def test_same_sides(window, sides):
    assert same_sides(window, (7, 8)) == sides


def test_same_is_read():
    assert read_same(definition("pad_type: 1 pad_h: 2 pad_w: 2"), 2, transposed=False)
    assert not read_same(definition("pad_type: 0 pad_l: 1"), 2, transposed=False)
    for param, n_spatial, transposed, said in (
            ("pad_type: 1", 2, True, "2 spatial axes"), ("pad_type: 1", 1, False, "2 spatial axes"),
            ("pad_type: 2", 2, False, "it is 0 .* or 1"), ("pad_type: 1 pad_r: 1", 2, False, "both `pad_r` and `pad_type`")):
        with pytest.raises(SpecError, match=said):
            read_same(definition(param), n_spatial, transposed)


@pytest.mark.parametrize("size, fits", [(5, True), (4, False)])
def test_a_kernel_of_five_fits_on_five(size, fits):
    spec, form = definition("kernel_size: 3 dilation: 2"), Window((3,), (1,), (0,), (2,))
    if fits:
        check_fits(spec, (size,), form)
    else:
        with pytest.raises(SpecError, match="spatial axis 0 of its bottom has size 4, the kernel spans 5, with pad 0"):
            check_fits(spec, (size,), form)


def test_a_deconvolution_must_leave_something_behind_its_padding():
    spec, form = definition("kernel_size: 3"), Window((3,), (2,), (2,), (1,))
    check_fits(spec, (2,), form, transposed=True)  # 2 + 3 - 4 = 1
    with pytest.raises(SpecError, match="does not fit"):
        check_fits(spec, (1,), form, transposed=True)
