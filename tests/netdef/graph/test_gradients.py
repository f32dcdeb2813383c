import subprocess
import sys

import pytest
import torch

from netdef.graph.gradients import gradients


def test_gradients_equal_those_of_torch_and_leave_grad_alone():
    a, b, unread = (torch.randn(shape, requires_grad=True) for shape in ((3, 4), (4, 2), (5,)))
    tops = a @ b, a.exp()
    given = torch.randn(3, 2), torch.randn(3, 4)
    expected = torch.autograd.grad(tops, (a, b, unread), given, retain_graph=True, allow_unused=True)
    with torch.no_grad():
        found = gradients(tops, given, [a, b, unread], retain_graph=True)
        again = gradients(tops, given, [a, b, unread])
    for result in (found, again):
        assert result[0].equal(expected[0]) and result[1].equal(expected[1]) and result[2] is None
    assert a.grad is b.grad is None and not found[0].requires_grad
    with pytest.raises(RuntimeError, match="second time"):
        gradients(tops, given, [a])


def test_a_gradient_of_another_shape_is_refused():
    x = torch.randn(3, 4, requires_grad=True)
    with pytest.raises(RuntimeError, match="shape"):
        gradients([2 * x], [torch.randn(3, 5)], [x])


def test_sympy_is_not_imported():
    code = """if True:
        import sys, torch
        from netdef.graph.gradients import gradients
        x = torch.ones(3, requires_grad=True)
        (gradient,) = gradients([2 * x], [torch.ones(3)], [x])
        print(gradient.tolist(), "sympy" in sys.modules)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[2.0, 2.0, 2.0] False\n", done.stderr
