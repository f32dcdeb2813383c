"""The text of a report."""

from __future__ import annotations

from netdef.weights.load_report import LoadReport, Reshaped


def test_only_affected_names_are_listed():
    report = LoadReport("x.pt", ("a", "b"), (), ("c",), ("m",), (Reshaped("a", 0, (1, 1, 2, 3), (2, 3)),), ("d",), ("n",))
    assert str(report).splitlines() == [
        "x.pt: weights of 2 layers used",
        "  only in the net, left as they were: `c`",
        "  masks: `m`",
        "  masks made of zeros: `n`",
        "  masks of forks, written into the weights as zeros: `d`",
        "  stored in four dimensions, as before 2014: `a`",
    ]
    assert str(LoadReport("x.pt", ("a",), (), (), (), ())) == "x.pt: weights of 1 layer used"
