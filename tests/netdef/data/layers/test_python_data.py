"""Python layers without bottoms: data."""

from __future__ import annotations

import sys

import pytest
import torch

import netdef

TEXT = ('layer { name: "NAME" type: "Python" top: "x" top: "n" python_param { module: "user_layers" layer: "LAYER" '
        'param_str: "4" } }')


def feed(layer: str = "Counter", seed: int = 1, rank: int = 0, world: int = 1):
    made = netdef.loads(TEXT.replace("LAYER", layer), allow_python=True).feeds[0]
    made.configure(seed, rank, world)
    return made


def numbers(feed, count: int) -> list[int]:
    return [int(next(feed)["n"][0]) for _ in range(count)]


def test_batches_come_in_the_order_of_the_class():
    made = feed()
    assert made.shapes == {"x": (4, 3), "n": (4,)} and made.batch_size == 4
    batch = next(made)
    assert batch["x"].dtype == torch.float32 and batch["n"].tolist() == [0, 1, 2, 3]
    kept = batch["n"].clone()
    assert numbers(made, 2) == [4, 8] and batch["n"].equal(kept)


def test_seeking_gives_the_batches_of_an_unbroken_run():
    whole, later = feed(), feed()
    batches = [next(whole) for _ in range(6)]
    later.seek(4)
    for place in (4, 5):
        again = next(later)
        assert all(again[top].equal(batches[place][top]) for top in ("x", "n"))
    later.seek(1)
    assert next(later)["x"].equal(batches[1]["x"])


def test_setup_and_batches_follow_from_the_seed():
    one, same, other = feed("Shuffler", 1), feed("Shuffler", 1), feed("Shuffler", 2)
    batches = [next(f) for f in (one, same, other)]
    assert all(batches[0][top].equal(batches[1][top]) for top in ("x", "n"))
    assert not batches[0]["x"].equal(batches[2]["x"]) and not batches[0]["n"].equal(batches[2]["n"])


def test_setup_is_repeated_only_if_it_is_random():
    feed()
    user = sys.modules["user_layers"]
    for layer, expected in (("Counter", 1), ("Shuffler", 2)):
        user.Counter.setups = 0
        made = feed(layer)
        next(made)
        assert user.Counter.setups == expected


def test_ranks_take_every_nth_batch():
    assert [numbers(feed(rank=rank, world=2), 3) for rank in (0, 1)] == [[0, 8, 16], [4, 12, 20]]


def test_it_feeds_a_net():
    net = netdef.loads(TEXT.replace("LAYER", "Counter") + 'layer { name: "s" type: "Silence" bottom: "n" }',
                       allow_python=True)
    assert len(net.feeds) == 1 and net(**next(net.feeds))["x"].shape == (4, 3)


def test_parameters_without_bottoms_are_refused():
    with pytest.raises(netdef.SpecError, match="has parameters but no bottoms"):
        netdef.loads('layer { name: "d" type: "Python" top: "x" python_param { module: "user_layers" '
                     'layer: "LearningData" } }', allow_python=True)
