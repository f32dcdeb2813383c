"""The registry of layer types."""

from __future__ import annotations

import pytest
import torch

from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.activations import ReLU
from netdef.layers.core import registry
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import known_types, layer_class, register, registered
from netdef.layers.tile import Tile


def definition(text: str) -> LayerDefinition:
    (layer,) = read_net_text(f'layer {{ name: "l" bottom: "x" top: "y" {text} }}').layers
    return layer


@pytest.fixture
def forget():
    """Forget types that a test registers."""
    tables = registry._registry, registry._special, registry._own_fields
    before = [dict(each) for each in tables]
    yield
    for now, then in zip(tables, before):
        now.clear()
        now.update(then)


def test_a_type_has_its_class():
    assert layer_class(definition('type: "Tile"')) is registered("Tile") is known_types()["Tile"] is Tile
    assert Tile.type_name == "Tile"
    assert list(known_types()) == sorted(known_types())


def test_a_second_registration_is_an_error():
    with pytest.raises(ValueError, match="layer type `Tile` is already Tile"):
        register("Tile")(ReLU)
    assert ReLU.type_name == "ReLU" and registered("Tile") is Tile


def test_a_class_for_several_types(forget):
    @register("Some", "Other")
    class Either(Layer):
        pass

    assert registered("Some") is registered("Other") is Either and Either.type_name == "Some"
    assert Either(definition('type: "Other"'), []).type_name == "Other"
    with pytest.raises(ValueError, match="layer type `Tile` is already Tile"):
        register("Third", "Tile")(ReLU)


def test_a_users_class_takes_the_place_of_ours_in_any_order(forget):
    class OfUser(Layer):
        pass

    register("Tile")(OfUser)
    assert layer_class(definition('type: "Tile"')) is OfUser
    register("Tile")(Tile)
    assert registered("Tile") is OfUser
    with pytest.raises(ValueError, match="layer type `Tile` is already .*OfUser"):
        register("Tile")(type("Another", (OfUser,), {"__module__": __name__}))


def test_conditions_of_ours_do_not_choose_for_a_users_class(forget):
    @register("Reshape")
    class OfUser(Layer):
        pass

    assert layer_class(definition('type: "Reshape" reshape_param { pixelshuffler: 2 }')) is OfUser


def test_fields_that_the_schema_has_are_not_declared():
    with pytest.raises(ValueError, match="the schema has a field `tile_param`, in `spec.message`; do not declare it"):
        register("Some", fields="optional TileParameter tile_param = 138;")


def test_a_condition_chooses_between_classes(forget):
    @register("Some")
    class Some(Layer):
        pass

    @register("Some", when=lambda spec: spec.message.tile_param.tiles == 3)
    class Three(Layer):
        pass

    assert layer_class(definition('type: "Some"')) is Some
    assert layer_class(definition('type: "Some" tile_param { tiles: 3 }')) is Three
    assert registered("Some") is Some and Three.type_name == "Some"


@pytest.mark.parametrize("text, said", [
    ('type: "Zigzag"', "unknown type `Zigzag`; `--plugin` and `netdef.register` add types"),
    ('type: "Tiel"', "unknown type `Tiel`; did you mean `Tile`"),
    ("", "has no `type`"),
])
def test_unknown_types_are_refused_with_a_hint(text: str, said: str):
    with pytest.raises(SpecError, match=said):
        layer_class(definition(text))


def test_unknown_types_have_no_class():
    assert registered("Tiel") is None


def test_the_decorator_wants_a_type_and_a_layer():
    with pytest.raises(TypeError, match=r'the type of the layer is missing: write @netdef.register\("Type"\) above the class'):
        @register
        class Forgotten(Layer):
            pass
    with pytest.raises(TypeError, match="layer type `NoLayer`: a subclass of netdef.Layer is wanted, not <class"):
        register("NoLayer")(torch.nn.ReLU)
    assert "NoLayer" not in known_types()
