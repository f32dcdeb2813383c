"""The defaults of a solver, and errors in its own fields."""

from __future__ import annotations

import pytest
import torch

from dsd.distributed import World
from dsd.plan.settings import check_settings, choose_device, choose_seed, snapshot_prefix
from netdef.definition.read import read_solver, read_solver_text
from netdef.errors import NetdefError, SpecError


def complaints(function, text: str) -> list[str]:
    with pytest.raises(SpecError) as error:
        function(read_solver_text(text))
    return [problem.message for problem in error.value.problems]


def test_all_complaints_about_fields_at_once():
    said = complaints(check_settings, """type: "SGD" regularization_type: "L3" iter_size: 0 display: -1 average_loss: 0
                     snapshot_prefix: "a\\000b" """)
    assert said == [
        'unknown `regularization_type` "L3"; it is L1 or L2',
        "`iter_size` is 0; it must be at least 1",
        "`display` is -1; it must not be negative",
        "`average_loss` is 0; it must be at least 1",
        "`snapshot_prefix` is `a\\x00b`; it must have no control characters; in a text a backslash begins an escape, as `\\n` of "
        "a line break: write `/`, or two backslashes for one",
    ]


def test_unknown_type_suggests_the_nearest():
    assert complaints(check_settings, 'type: "Nestorov"') == [
        'unknown solver `type` "Nestorov"; did you mean `Nesterov`?']


@pytest.mark.parametrize(("prefix", "shown"), [(r"D:\new\run", r"D:\new\run"), (r"runs/\033[2Jx", r"runs/\x1b[2Jx")])
def test_a_prefix_with_control_characters_is_refused(prefix, shown):
    """A path of Windows: in a text backslash and n are a line break."""
    (said,) = complaints(check_settings, f'snapshot_prefix: "{prefix}"')
    assert said.startswith(f"`snapshot_prefix` is `{shown}`; it must have no control characters; in a text a backslash begins")
    assert said.endswith("write `/`, or two backslashes for one")


@pytest.mark.skipif(torch.cuda.is_available(), reason="is about machines without a GPU")
def test_without_a_gpu_the_cpu_is_chosen():
    with pytest.warns(UserWarning, match="there is no GPU: running on the CPU"):
        assert choose_device(read_solver_text("solver_mode: GPU")) == torch.device("cpu")
    assert choose_device(read_solver_text('type: "SGD"')) == torch.device("cpu")  # Caffe's default, not the user's word
    with pytest.raises(NetdefError, match="there is no device `cuda:3`"):
        choose_device(read_solver_text('type: "SGD"'), "cuda:3")
    with pytest.raises(NetdefError, match="`meta` holds no numbers"):
        choose_device(read_solver_text('type: "SGD"'), "meta")


def test_the_seed_is_chosen_in_order_of_precedence():
    assert choose_seed(read_solver_text("random_seed: 7"), None, World()) == 7
    assert choose_seed(read_solver_text("random_seed: 7"), 0, World()) == 0
    drawn = {choose_seed(read_solver_text('type: "SGD"'), None, World()) for _ in range(3)}
    assert len(drawn) > 1


def test_the_prefix_of_snapshots_is_caffes(tmp_path):
    path = tmp_path / "lenet_solver.prototxt"
    for text, prefix in [
        ('type: "SGD"', str(tmp_path / "lenet_solver")),
        ('snapshot_prefix: "a/b"', "a/b"),
        (f'snapshot_prefix: "{tmp_path}"', str(tmp_path / "lenet_solver")),
    ]:
        path.write_text(text)
        assert snapshot_prefix(read_solver(path)) == prefix
