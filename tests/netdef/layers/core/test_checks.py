"""Each check accepts valid values, and refuses others with the value found, what is wanted, and the place."""

from __future__ import annotations

import pytest

from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.layers.core import checks

TEXT = """layer { name: "l" type: "Tile" bottom: "a" bottom: "b" top: "y"
    tile_param { axis: 2 tiles: 0 } embed_param { input_dim: 0 } }"""


@pytest.fixture
def spec() -> LayerDefinition:
    return read_net_text(TEXT).layers[0]


def refused(error: pytest.ExceptionInfo[SpecError]) -> tuple[str, str]:
    """The complaint without its layer, and the text that it points at."""
    (problem,) = error.value.problems
    assert problem.span is not None
    return problem.message.removeprefix("layer `l` (Tile) "), problem.span.text


def test_an_axis_outside_the_bottom_is_refused(spec):
    assert [checks.canonical_axis(spec, axis, 3, "tile_param", "axis") for axis in (0, 2, -1, -3)] == [0, 2, 2, 0]
    for axis in (3, -4):
        with pytest.raises(SpecError) as error:
            checks.canonical_axis(spec, axis, 3, "tile_param", "axis")
        assert refused(error) == (f"wants axis {axis}, but its bottom has 3 axes", "axis: 2")


@pytest.mark.parametrize("check, good, bad, path, said", [
    (checks.check_positive, (1, 5), 0, ("tile_param", "tiles"), "has `tiles` 0; it must be at least 1"),
    (checks.check_above_zero, (0.1, 7), 0, ("tile_param", "tiles"), "has `tiles` 0; it must be above 0"),
    (checks.check_above_zero, (1,), float("nan"), ("tile_param", "tiles"), "has `tiles` nan; it must be above 0"),
    (checks.check_share, (0, 0.99), 1, ("tile_param", "tiles"), "has `tiles` 1; it must be at least 0 and below 1"),
    (checks.check_share, (0.5,), -0.5, ("tile_param", "tiles"), "has `tiles` -0.5; it must be at least 0 and below 1"),
])
def test_numbers_below_their_limits_are_refused(spec, check, good, bad, path, said):
    for value in good:
        check(spec, value, *path)
    with pytest.raises(SpecError) as error:
        check(spec, bad, *path)
    assert refused(error) == (said, f"{path[-1]}: 0")


def test_a_count_that_is_not_given_is_wanted():
    with pytest.raises(SpecError, match="needs an `input_dim` of at least 1\n"):
        checks.check_positive(read_net_text('layer { name: "l" type: "Embed" }').layers[0], 0, "embed_param", "input_dim")


def test_a_number_below_the_least_is_refused(spec):
    checks.check_at_least(spec, 2, 2, "tile_param", "tiles")
    with pytest.raises(SpecError) as error:
        checks.check_at_least(spec, 1.5, 2, "tile_param", "tiles")
    assert refused(error) == ("has `tiles` 1.5; it must be at least 2", "tiles: 0")


def test_sizes_below_1_are_refused(spec):
    checks.check_sizes(spec, "stride", (1, 2), "tile_param", "tiles")
    with pytest.raises(SpecError) as error:
        checks.check_sizes(spec, "stride", (3, 0), "tile_param", "tiles")
    assert refused(error) == ("has stride (3, 0); it must be at least 1", "tiles: 0")


def layer(param: str) -> LayerDefinition:
    return read_net_text(f'layer {{ name: "l" type: "Tile" bottom: "a" top: "y" {param} }}').layers[0]


@pytest.mark.parametrize("text, pair", [
    ("", None), ("kernel_size: 3", (3, 3)), ("kernel_h: 2 kernel_w: 5", (2, 5)),
])
def test_a_pair_is_given_once_or_for_each_side(text, pair):
    spec = layer(f"pooling_param {{ {text} }}")
    names = "kernel_size", "kernel_h", "kernel_w"
    assert checks.read_pair(spec, spec.message.pooling_param, *names, "pooling_param") == pair


@pytest.mark.parametrize("text, said, place", [
    ("kernel_w: 5", "gives `kernel_w` without `kernel_h`", "kernel_w: 5"),
    ("kernel_size: 3 kernel_h: 2", "gives both `kernel_size` and `kernel_h`; give one of them", "kernel_h: 2"),
])
def test_half_a_pair_or_both_forms_are_refused(text, said, place):
    spec = layer(f"pooling_param {{ {text} }}")
    with pytest.raises(SpecError) as error:
        checks.read_pair(spec, spec.message.pooling_param, "kernel_size", "kernel_h", "kernel_w", "pooling_param")
    assert refused(error) == (said, place)


def test_a_size_needs_both_sides_or_none():
    def read(text: str) -> tuple[int, int]:
        spec = layer(f"image_data_param {{ {text} }}")
        return checks.read_size(spec, spec.message.image_data_param, "new_height", "new_width", "image_data_param")

    assert read("") == (0, 0) and read("new_height: 4 new_width: 7") == (4, 7)
    with pytest.raises(SpecError) as error:
        read("new_width: 7")
    assert refused(error) == ("has `new_height` 0 and `new_width` 7; give both or neither", "new_width: 7")


def test_bounds_must_rise_from_0():
    def check(text: str) -> None:
        spec = layer(f"transform_param {{ {text} }}")
        checks.check_bounds(spec, spec.message.transform_param, "img_rand_resize", "transform_param")

    check("")
    check("img_rand_resize_lower: 5 img_rand_resize_upper: 5")
    with pytest.raises(SpecError) as error:
        check("img_rand_resize_lower: 5 img_rand_resize_upper: 3")
    assert refused(error) == (
        "has `img_rand_resize_lower` 5 and `img_rand_resize_upper` 3; wanted are 0 <= lower <= upper", "img_rand_resize_lower: 5")


def test_two_fields_of_one_meaning_are_refused(spec):
    with pytest.raises(SpecError) as error:
        raise checks.refuse_both(spec, "axis", "tiles", "tile_param", "tiles")
    assert refused(error) == ("gives both `axis` and `tiles`; give one of them", "tiles: 0")


@pytest.mark.parametrize("count, shape, said", [
    (4, (2, 3), "wants a bottom of 4 axes, (batch, channels, height, width); `b` has shape (2, 3)"),
    (2, (2, 3, 4), "wants a bottom of 2 axes; `b` has shape (2, 3, 4)"),
    (1, (), "wants a bottom of 1 axis; `b` has shape ()"),
])
def test_another_number_of_axes_is_refused(spec, count, shape, said):
    checks.check_axes(spec, [(5,), tuple(range(2, 2 + count))], count, index=1)
    with pytest.raises(SpecError) as error:
        checks.check_axes(spec, [(5,), shape], count, index=1)
    assert refused(error) == (said, 'bottom: "b"')


def test_too_few_axes_are_refused(spec):
    checks.check_least_axes(spec, [(2, 3), (2,)], 2)
    checks.check_least_axes(spec, [(2, 3, 4)], 2)
    with pytest.raises(SpecError) as error:
        checks.check_least_axes(spec, [(2, 3), (2,)], 2, index=1)
    assert refused(error) == ("wants a bottom of at least 2 axes; `b` has shape (2,)", 'bottom: "b"')


@pytest.mark.parametrize("check, good, bad, rule", [
    (checks.check_same_shape, [(2, 3), (2, 3)], [(2, 3), (3, 2)], "all must be of one shape"),
    (checks.check_same_count, [(2, 3), (6,)], [(2, 3), (2, 4)], "they must hold equally many numbers"),
    (checks.check_same_batch, [(2, 3), (2,)], [(2, 3), (3,)], "their first axes must agree"),
])
def test_bottoms_that_disagree_are_refused(spec, check, good, bad, rule):
    check(spec, good)
    with pytest.raises(SpecError) as error:
        check(spec, bad)
    assert refused(error) == (f"has bottoms of shapes {bad[0]} (`a`) and {bad[1]} (`b`); {rule}", 'bottom: "b"')


def test_a_batch_needs_an_axis(spec):
    with pytest.raises(SpecError) as error:
        checks.check_same_batch(spec, [(2, 3), ()])
    assert refused(error) == ("wants a bottom of at least 1 axis; `b` has shape ()", 'bottom: "b"')
