"""Wrong texts of solvers and their exact error messages."""

import pytest

from netdef.definition.read import read_net_message, read_solver_text
from netdef.errors import SpecError
from netdef.graph.link import link

SOLVERS = {
    "unknown field": (
        "base_lr: 0.1\nlr_police: 'fixed'",
        """
s:2:1: SolverParameter has no field `lr_police`; did you mean `lr_policy`?
    2 | lr_police: 'fixed'
      | ^~~~~~~~~
1 problem in s
""",
    ),
    "type twice": (
        'type: "SGD"\nsolver_type: ADAM',
        """
s:2:1: the solver has both `type` and the old `solver_type`; keep `type`
    2 | solver_type: ADAM
      | ^~~~~~~~~~~~~~~~~
   note: s:1:1: `type` is given here
1 problem in s
""",
    ),
    "a net": (
        'name: "n"\nlayer { name: "a" }',
        """
s:1:1: this is a net, a solver is wanted here
    1 | name: "n"
      | ^~~~
   note: a solver names its net, `net: "s"`, and says how it is trained; give its file
1 problem in s
""",
    ),
    "a mistake in a net inside": (
        "base_lr: 1\nnet_param {\n  layer { nam: 'a' }\n}",
        """
s:3:11: LayerParameter has no field `nam`; did you mean `name`?
    3 |   layer { nam: 'a' }
      |           ^~~
1 problem in s
""",
    ),
}


@pytest.mark.parametrize("text, said", SOLVERS.values(), ids=SOLVERS)
def test_errors_of_solvers(text, said):
    with pytest.raises(SpecError) as caught:
        solver = read_solver_text(text, name="s")
        link(read_net_message(solver.message.net_param, solver.where.child("net_param"), solver.base_dir))
    assert f"\n{caught.value}\n" == said
