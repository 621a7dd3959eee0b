"""The counts of a derivative as its graph gets deeper: exact, and beside Fibonacci's."""

import pytest

from autograd import ArgumentError, Value
from autograd.derivation import growth


def diamonds(depth):
    x = y = Value(1.0)
    for _ in range(depth):
        y = y.sin() * y.cos()
    return y, x


def calls(n, table=None):
    """The calls that fib(n) takes, counted by making them."""
    made = 1
    if n >= 2 and not (table is not None and n in table):
        made += calls(n - 1, table) + calls(n - 2, table)
        if table is not None:
            table.add(n)
    return made


def test_path_by_path_grows_exponentially_and_with_the_memo_linearly():
    found = growth(diamonds, [1, 2, 3, 20])
    assert [each.paths for each in found.counts] == [2, 4, 8, 2**20]
    memo = [row[2] for row in found.rows]
    assert memo[2] - memo[1] == memo[1] - memo[0]
    assert memo[3] - memo[2] == 17 * (memo[1] - memo[0])


def test_fib_is_counted_as_it_is_called():
    found = growth(diamonds, range(1, 12))
    assert found.fib == tuple((calls(n), calls(n, set())) for n in range(1, 12))


def test_depths_beyond_counting_are_told_in_short():
    text = str(growth(diamonds, [5, 1000]))
    assert "about 2.1" in text
    assert text.splitlines()[0].split("  ")[0].strip() == "depth"
    assert "<td>5</td>" in growth(diamonds, [5])._repr_html_()


def test_it_plots_itself_on_a_logarithmic_axis():
    axes = growth(diamonds, range(1, 6)).plot()
    assert axes.get_yscale() == "log"
    assert len(axes.lines) == 4
    assert axes.get_legend().get_texts()[0].get_text() == "path by path"
    axes.figure.clear()


def test_no_depths_are_refused():
    with pytest.raises(ArgumentError, match="no depths"):
        growth(diamonds, [])
