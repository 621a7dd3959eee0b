"""A derivation with blanks in it: a quiz that knows which factor went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.derivation import html, latex, text
from autograd.derivation.answers import Judge, Verdict
from autograd.derivation.derivation import Derivation
from autograd.derivation.deriving import derive
from autograd.derivation.document import Equation, Section
from autograd.derivation.items import Edge
from autograd.derivation.scalars import Scalars
from autograd.errors import ArgumentError
from autograd.node import Node
from autograd.notation import Formula

_EMPTY = Formula(r"\square", "____")


@dataclass(frozen=True, eq=False)
class Exercise:
    """A derivation with some local partials left blank, and the derivative itself: `print` it, then `check` answers.

    `blanks` are the labels of what is asked for, as "p3"; the last one is the derivative's. `solution` is the whole
    derivation.
    """

    solution: Derivation
    blanks: tuple[str, ...]
    judge: Judge

    def check(self, answer: Any) -> Verdict:
        """Whether an answer is right: of the derivative, or `{"p3": "a*(1 - a)", "p5": 0.25}` of several blanks.

        An answer is a number, or a formula in the names of the derivation and the operations' own. A formula has to
        hold for other values as well. What is wrong is told by the first factor that is.

        Raises: ArgumentError for a label that is not asked for; FormulaError for what is no formula.
        """
        answers = answer if isinstance(answer, Mapping) else {self.blanks[-1]: answer}
        for label in answers:
            if label not in self.blanks:
                raise ArgumentError(f"this exercise asks for {', '.join(self.blanks)}; found an answer to {label!r}")
        verdicts = [self._judged(label, answers[label]) for label in self.blanks if label in answers]
        wrong = [each for each in verdicts if not each]
        return wrong[0] if wrong else verdicts[-1] if len(verdicts) == 1 else Verdict(True, "All right.")

    def _judged(self, label: str, answer: Any) -> Verdict:
        if label == self.blanks[-1]:
            return self.judge.of_derivative(answer)
        edge = next(each for each in self.solution.partials if each.equation.label == label)
        return self.judge.of_partial(edge, answer)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The forward pass, the partials with their blanks, and the sum over paths in symbols."""
        partials, paths = self.solution.partials.section, self.solution.paths.section
        lines = tuple(_blank(each) if each.label in self.blanks else each for each in partials.equations)
        forms = tuple(
            replace(form.equation, label=self.blanks[-1], chain=(*form.equation.chain[:1], ("=", _EMPTY)))
            for form in self.solution.forms
        )
        asked = f"Fill in {', '.join(self.blanks)}: as a number, or as a formula."
        return (
            self.solution.forward.section,
            replace(partials, equations=lines),
            replace(paths, equations=forms, remarks=(asked,)),
        )

    def __repr__(self) -> str:
        return f"<Exercise on {self.solution.title.text}: blanks {', '.join(self.blanks)}>"

    def __str__(self) -> str:
        return text.page(self.solution.title.text, self.sections)

    @property
    def latex(self) -> str:
        """The exercise as one formula."""
        return latex.formula(self.sections)

    @property
    def html(self) -> str:
        """The exercise as a page."""
        return html.page(self.solution.title, self.sections)

    def _repr_latex_(self) -> str:
        return f"$${self.latex}$$"

    def _repr_html_(self) -> str:
        return html.fragment(self.solution.title, self.sections)


def exercise(
    root: Node,
    wrt: Node,
    rng: int | np.random.Generator = 0,
    *,
    blanks: int = 3,
    names: Mapping[Any, Any] | None = None,
    digits: int = 4,
) -> Exercise:
    """A quiz on d root / d wrt: some local partials are left blank, chosen by `rng`, and the derivative itself.

    Raises: ArgumentError for fewer than 0 blanks, several derivatives, or one between arrays; else as `derive` does.

    >>> from autograd import Value
    >>> w, x = Value(2.0, name="w"), Value(3.0, name="x")
    >>> quiz = exercise((w * x) ** 2, w)
    >>> print(quiz.check(12))
    Not right. It is 12 without the factor ∂v₁/∂w = x = 3.
    >>> print(quiz.check("2 * w * x * x"))
    Right: ∂v₂/∂w = 36.
    """
    if blanks < 0:
        raise ArgumentError(f"an exercise has 0 blanks or more among its partials; found blanks={blanks}")
    solution = derive(root, wrt, names=names, digits=digits)
    if not isinstance(solution.teller, Scalars) or len(solution.forms) != 1:
        raise ArgumentError("an exercise is about one derivative between numbers; of an array choose an element")
    worth = [edge for edge in solution.partials if edge.formula is not None and edge.formula.text not in ("1", "-1")]
    chosen = _drawn(worth, np.random.default_rng(rng), blanks)
    return Exercise(solution, (*(edge.equation.label for edge in chosen), "answer"), Judge(solution, solution.teller))


def _drawn(edges: Sequence[Edge], rng: np.random.Generator, blanks: int) -> list[Edge]:
    places = rng.permutation(len(edges))[:blanks]
    return [edges[place] for place in sorted(places)]


def _blank(line: Equation) -> Equation:
    return replace(line, chain=(("=", _EMPTY),), note="")
