from __future__ import annotations

import math

import pytest
from toys import toy

from dsd.study.equivalence.lockstep import run_lockstep
from netdef.definition.read import read_solver
from netdef.errors import SpecError

# One weight a class that sees a constant gradient: a loss that is a weighted sum of what the net computes.
LINEAR = """
    layer { name: "data" type: "HDF5Data" top: "data" top: "label"
            hdf5_data_param { source: "train.txt" batch_size: 23 } }
    layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
            inner_product_param { num_output: 5 bias_term: false weight_filler { type: "gaussian" std: 0.1 } } }
    layer { name: "sum" type: "Reduction" bottom: "ip" top: "sum" loss_weight: 0.01
            reduction_param { operation: SUM axis: 1 } }
"""
PHASES = """
    dsd_phase { max_iter: 3 lr_policy: "fixed" base_lr: 0.1 }
    dsd_phase { max_iter: 100 lr_policy: "fixed" base_lr: 0.1 sparsity: 0.5 }
    dsd_phase { max_iter: 2 lr_policy: "fixed" base_lr: 0.01 }
"""


def results(found):
    return {(o.setting.state, o.setting.clip, o.constraint): o for o in found.results}


def test_a_constant_gradient_gives_the_closed_form(tmp_path):
    """91 times rate x gradient, as for one weight: 90 from the history, 1 from the gradient."""
    solver = toy(tmp_path, net=LINEAR, phases=PHASES)
    solver.write_text(solver.read_text().replace("weight_decay: 0.001", ""))
    found = run_lockstep(read_solver(solver), 100)
    by = results(found)
    assert by["CARRY", None, "ZERO_AFTER_STEP"].first_update == pytest.approx(91, rel=1e-3)
    assert by["CARRY", None, "MASK_BLOB"].first_update == pytest.approx(1, rel=1e-3)
    assert by["CARRY", None, "ZERO_AFTER_STEP"].parts == 104
    for constraint in ("MASK_BLOB", "ZERO_AFTER_STEP", "MASK_UPDATE"):
        assert by["RESET", None, constraint].first_update == pytest.approx(1, rel=1e-3)
    said = " ".join(found.sentences())
    assert "as this solver stands (solver_state RESET, no clip_gradients), the three constraints are one method" in said
    assert "zero-after-step and mask-update part from mask-blob at iteration 104" in said
    assert "the first update of a reborn weight is 91 against 1 times the rate times the gradient" in said


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_the_first_different_iteration_is_reported(tmp_path, kind):
    found = run_lockstep(read_solver(toy(tmp_path, type=kind)), 50)
    by = results(found)
    assert len(by) == 2 * 3 * 3
    assert [p.length for p in found.phases] == [5, 4, 3]
    for (state, clip, constraint), o in by.items():
        where = f"{state} {clip} {constraint}"
        assert (o.history == 0) == (constraint == "MASK_BLOB"), where
        if clip == "ALL":  # half of the sparse iterations are clipped, by a norm that counts pruned weights
            assert o.survivors > 0 and o.loss > 0 and 6 <= o.parts <= 9, where
        else:
            assert o.survivors == 0 and o.loss == 0, where
            apart = state == "CARRY" and constraint != "MASK_BLOB"
            assert o.parts == (10 if apart else None) and (o.after > 0) == apart, where
        assert o.parts_from_blob == (10 if state == "CARRY" and constraint != "MASK_BLOB" else None), where
    sheet = found.table()
    assert len(sheet.rows) == 12 and sheet.rows[1][2] == "zero-after-step, mask-update"
    assert sheet.markdown().count("\n") == 13


def test_the_solvers_own_clipping_is_used(tmp_path):
    def sentences(more, phases_are=lambda text: text):
        path = toy(tmp_path, more=more)
        path.write_text(phases_are(path.read_text()))
        return run_lockstep(read_solver(path), 3).sentences()

    said = sentences("clip_gradients: 1000")
    assert said[0] == (
        "Verdict: as this solver stands (solver_state RESET, clip_scope ACTIVE), the three constraints are one method, the"
        " same bits in every weight and loss.")
    assert "Iterations compared, bit by bit: 3 dense, 3 sparse, 3 re-dense." in said
    assert said[-1] == "No gradient here came to `clip_gradients` 1e+03, so that clipping was not put to the test."
    said = sentences("clip_gradients: 0.5", lambda text: text.replace("sparsity: 0.3", "sparsity: 0.3 clip_scope: ALL"))
    assert "clip_scope ALL), the gradients of pruned weights count in the norm" in said[0]
    assert "with one another the three are one method" in said[0]


def test_a_net_that_ends_sparse_has_no_re_dense_numbers(tmp_path):
    phases = "dsd_phase { max_iter: 2 } dsd_phase { max_iter: 3 sparsity: 0.5 }"
    for o in run_lockstep(read_solver(toy(tmp_path, phases=phases)), 9).results:
        assert (o.first_update, o.after) == (None, None)
        assert math.isfinite(o.history) and (o.history > 0) == (o.constraint != "MASK_BLOB")


def test_a_solver_without_a_sparse_phase_is_refused(tmp_path):
    with pytest.raises(SpecError, match="no sparse phase in which constraints could differ"):
        run_lockstep(read_solver(toy(tmp_path, phases="max_iter: 8")))


@pytest.mark.parametrize("before", ["", "dsd_phase { max_iter: 3 sparsity: 0.3 }"])
def test_dynamic_masks_are_refused(tmp_path, before):
    phases = f"dsd_phase {{ max_iter: 2 }} {before} dsd_phase {{ max_iter: 3 mask_policy: DYNAMIC sparsity: 0.5 }}"
    with pytest.raises(SpecError, match="(?s)a constraint of its own: there is nothing to compare it with.*DYNAMIC"):
        run_lockstep(read_solver(toy(tmp_path, phases=phases)))
