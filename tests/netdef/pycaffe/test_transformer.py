"""What is done to images on their way into a net, as recorded."""

import numpy as np
import pytest

from netdef.pycaffe.transformer import Transformer

CASES = ["plain", "transpose", "swap", "raw", "mean3", "meanf"]


def transformer(settings, recorded):
    made = Transformer({"data": tuple(settings["shape"])})
    for name, value in settings["settings"].items():
        if name == "mean":
            value = recorded[value] if isinstance(value, str) else np.array(value)
        getattr(made, f"set_{name}")("data", value)
    return made


@pytest.mark.parametrize("name", CASES)
def test_there_and_back_as_recorded(recorded_io, io_settings, close, name):
    made = transformer(io_settings[name], recorded_io)
    image = recorded_io["img"].copy()
    inside = made.preprocess("data", image)
    close(inside, recorded_io[f"pre/{name}"])
    close(made.deprocess("data", inside), recorded_io[f"de/{name}"])
    assert np.array_equal(image, recorded_io["img"])


def test_the_scales_stand_before_and_after_the_mean():
    made = Transformer({"data": (1, 2, 3, 4)})
    made.set_transpose("data", (2, 0, 1))
    made.set_raw_scale("data", 10)
    made.set_mean("data", np.array([1.0, 2.0]))
    made.set_input_scale("data", 0.5)
    inside = made.preprocess("data", np.full((3, 4, 2), 0.7))
    np.testing.assert_allclose(inside[:, 0, 0], [(7 - 1) * 0.5, (7 - 2) * 0.5], rtol=1e-6)
    np.testing.assert_allclose(made.deprocess("data", inside), np.full((3, 4, 2), 0.7), rtol=1e-6)


def test_a_mean_of_another_size_is_resized_within_its_range():
    made = Transformer({"data": (1, 3, 5, 7)})
    mean = np.random.default_rng(1).uniform(90, 130, (3, 8, 9))
    made.set_mean("data", mean)
    assert made.mean["data"].shape == (3, 5, 7)
    assert mean.min() <= made.mean["data"].min() and made.mean["data"].max() <= mean.max()


@pytest.mark.parametrize(("call", "said"), [
    (lambda t: t.preprocess("image", np.zeros((2, 2, 3))), "`image` is none of the inputs: data"),
    (lambda t: t.set_transpose("data", (1, 0)), "an item of input `data` has 3"),
    (lambda t: t.set_channel_swap("data", (1, 0)), "input `data` has 3"),
    (lambda t: t.set_mean("data", np.zeros(4)), "the mean has 4 channels; input `data` has 3"),
    (lambda t: t.set_mean("data", np.zeros((1, 3, 4, 5))), r"the mean has shape \(1, 3, 4, 5\)"),
])
def test_what_does_not_fit_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call(Transformer({"data": (1, 3, 4, 5)}))
