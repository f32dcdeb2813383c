"""The base of LSTM and RNN, tested on an LSTM: state between batches, runs of markers, masks, errors."""

from __future__ import annotations

import copy

import pytest
import torch
from lstm_nets import RESTARTS, D, H, N, S, T, build, markers, text, written_out

import netdef
from netdef.api import compile_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.graph.pruning import attach_masks
from netdef.layers.recurrent import STEPS_A_RUN


@pytest.mark.parametrize("static", [None, S, N + S], ids=["no static input", "narrow", "wider than sequences"])
def test_few_and_many_restarts_match_the_equations(static):
    """The two ways through time, on either side of where the layer changes from one to the other."""
    steps = 4 * STEPS_A_RUN
    s = {"s": torch.randn(N, static)} if static else {}
    for count, way in ((4, "_run_by_run"), (5, "_step_by_step")):
        net = build(steps=steps, **{name: value.shape for name, value in s.items()})
        layer, taken = net.layers["l"], []
        for name in ("_run_by_run", "_step_by_step"):
            method = getattr(layer, name)
            setattr(layer, name, lambda *args, _name=name, _method=method, taken=taken: taken.append(_name) or _method(*args))
        x, cont = torch.randn(steps, N, D), markers(*((t, t % N) for t in range(1, count)), steps=steps)
        y, expected = net(x=x, cont=cont, **s)["y"], written_out(net, x, cont, **s)[0]
        torch.testing.assert_close(y, expected)
        gradient, sources = torch.randn_like(y), [*net.parameters()]
        torch.testing.assert_close(
            torch.autograd.grad(y, sources, gradient), torch.autograd.grad(expected, sources, gradient))
        assert taken == [way]


def test_exposed_states_are_bottoms_and_tops_and_nothing_is_carried():
    net = build("LSTM", "expose_hidden: true", ("y", "hT", "cT"), s=(N, S), h=(1, N, H), c=(1, N, H))
    inputs = {"x": torch.randn(T, N, D), "cont": RESTARTS["in a run"], "s": torch.randn(N, S)}
    h, c = torch.randn(2, 1, N, H, requires_grad=True).unbind(0)
    for _ in range(2):
        tops = net(**inputs, h=h, c=c)
        y, last_h, last_c = written_out(net, *inputs.values(), h=h[0], c=c[0])
        torch.testing.assert_close([tops[name] for name in ("y", "hT", "cT")], [y, last_h[None], last_c[None]])
    assert net.layers["l"].carried == () and not [*net.buffers()]
    # Caffe's backward passes the states by, on both sides.
    assert not tops["hT"].requires_grad and not tops["cT"].requires_grad
    assert torch.autograd.grad(tops["y"].sum(), [h, c], allow_unused=True) == (None, None)


def test_state_is_each_nets_own_and_in_no_file(tmp_path):
    train = build()
    test = compile_net(train.graph.spec, "TEST", store=train)
    x, cont = torch.randn(T, N, D), markers()
    fresh = train(x=x, cont=cont)["y"]
    assert test(x=x, cont=cont)["y"].equal(fresh)
    twin = copy.deepcopy(train)
    again = train(x=x, cont=cont)["y"]
    assert not again.equal(fresh) and twin(x=x, cont=cont)["y"].equal(again)
    with torch.no_grad():
        torch.testing.assert_close(test(x=x, cont=cont)["y"], again)  # torch's kernel for this rounds differently
    netdef.save_weights(train, tmp_path / "l.caffemodel")
    assert set(train.state_dict()) == {f"l.{name}" for name in train.layers["l"].blob_names}
    other = netdef.loads(text(x=(T, N, D), cont=(T, N)), phase="TRAIN", weights=tmp_path / "l.caffemodel")
    assert other(x=x, cont=cont)["y"].equal(fresh)  # from zeros, though nothing was filled
    train.reset_state()
    assert train(x=x, cont=cont)["y"].equal(fresh)


def test_carried_buffers_are_enough_to_resume():
    net, x, cont = build(), torch.randn(2, T, N, D), RESTARTS["in a run"]
    net(x=x[0], cont=cont)
    layer = net.layers["l"]
    kept = {name: getattr(layer, name).clone() for name in layer.carried}
    expected = net(x=x[1], cont=cont)["y"]
    net.reset_state()
    for name, value in kept.items():
        setattr(layer, name, value)
    assert net(x=x[1], cont=cont)["y"].equal(expected)


def test_other_number_of_sequences_resets_the_state_and_of_steps_keeps_it():
    net = build()
    net(x=torch.randn(T, N, D), cont=markers())
    h, c = net.layers["l"].h[0], net.layers["l"].c[0]
    x = torch.randn(2, N, D)
    torch.testing.assert_close(net(x=x, cont=torch.ones(2, N))["y"], written_out(net, x, torch.ones(2, N), h=h, c=c)[0])
    x = torch.randn(2, N + 1, D)
    expected = written_out(net, x, torch.ones(2, N + 1))[0]
    torch.testing.assert_close(net(x=x, cont=torch.ones(2, N + 1))["y"], expected)


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool])
def test_markers_of_any_type(dtype):
    cont, x = RESTARTS["everywhere"], torch.randn(T, N, D)
    net = build()
    expected = written_out(net, x, cont)[0]
    torch.testing.assert_close(net(x=x, cont=cont.to(dtype))["y"], expected)


def test_autocast_does_not_change_the_recurrence():
    net, x = build(), torch.randn(T, N, D)
    expected = net(x=x, cont=markers())["y"]
    net.reset_state()
    with torch.autocast("cpu", torch.bfloat16):
        assert net(x=x, cont=markers())["y"].equal(expected)


def test_every_weight_has_a_mask_of_its_own():
    spec = read_net_text(text(x=(T, N, D), cont=(T, N), s=(N, S)))
    net = compile_net(attach_masks(spec, {"l": 0.5}), "TRAIN")
    assert net.masked == {
        "l_mask_0": [("l", "input_weight")], "l_mask_2": [("l", "static_weight")], "l_mask_3": [("l", "hidden_weight")]}
    kept = {name: torch.rand(mask.shape) < 0.5 for name, mask in net.masks.items()}
    for name, mask in net.masks.items():
        mask.set(kept[name])
    inputs = {"x": torch.randn(T, N, D), "cont": RESTARTS["in a run"], "s": torch.randn(N, S)}
    y = net(**inputs)["y"]
    y.sum().backward()
    assert all(not net.layers["l"].get_parameter(blob).grad[~kept[mask]].any()
               for mask, ((_, blob),) in net.masked.items())
    with torch.no_grad():
        for mask, ((_, blob),) in net.masked.items():
            getattr(net.layers["l"], blob).mul_(kept[mask])
    torch.testing.assert_close(y, written_out(net, *inputs.values())[0])


def test_a_mask_over_a_bias_is_refused():
    spec = attach_masks(read_net_text(text(x=(T, N, D), cont=(T, N))), {"l": None}, blobs=(1,))
    with pytest.raises(SpecError, match="for its blob 1; a mask can cover blob 0 or 2"):
        compile_net(spec)


def test_multiply_adds():
    net = build(s=(N, S), x=(T, N, D, 2))
    assert net.params["l"][0].shape == (4 * H, 2 * D)
    assert net.rows[-1].multiply_adds == T * N * 4 * H * (2 * D + H) + N * 4 * H * S


REFUSED = [
    ("", {"size": 0}, "has `num_output` 0; it must be at least 1"),
    ("", {"x": (T, N)}, r"wants a first bottom of at least 3 axes .*; its shape is \(7, 3\)"),
    ("", {"cont": (N, T)}, r"wants continuation markers of shape \(7, 3\).*; their shape is \(3, 7\)"),
    ("", {"s": (N + 1, S)}, r"wants 3 rows, one a sequence, of its static bottom; its shape is \(4, 2\)"),
    ("", {"s": (N, S), "h": (1, N, H)}, "has 4 bottoms; with `expose_hidden: false` it wants 2 or 3"),
    ("expose_hidden: true", {}, "has 2 bottoms; with `expose_hidden: true` it wants 4 or 5"),
    ("expose_hidden: true", {"h": (1, N, H), "c": (1, N, H)}, "has 1 tops; with `expose_hidden: true` it wants 3"),
    ("", {"size": 200_000_000}, "a blob holds at most"),
]


@pytest.mark.parametrize(("param", "shapes", "said"), REFUSED)
def test_bottoms_that_do_not_fit_are_refused(param, shapes, said):
    with pytest.raises(SpecError, match=said) as error:
        build("LSTM", param, **shapes)
    (problem,) = error.value.problems
    assert problem.span is not None


def test_an_exposed_state_of_another_shape_is_refused():
    with pytest.raises(SpecError, match=r"wants a state of shape \(1, 3, 4\).*its shape is \(1, 3, 6\)"):
        build("LSTM", "expose_hidden: true", ("y", "hT", "cT"), h=(1, N, H), c=(1, N, 6))
