"""Every error the engine raises on purpose, as one tree: catch `AutogradError` for all of them.

Each also derives from the built-in a NumPy user would expect (`TypeError`, `ValueError`), and each message
says what was asked, what was found and what to do.
"""


class AutogradError(Exception):
    """The root of the tree."""


class DeclarationError(AutogradError, TypeError):
    """An operation or a rule is declared wrongly: found when the declaration is read, not when it runs."""


class ArgumentError(AutogradError, TypeError):
    """An argument has a type, or a dtype, that the operation cannot take."""


class DomainError(AutogradError, ValueError):
    """An argument has the right type and a value that the operation cannot take."""


class ShapeError(AutogradError, ValueError):
    """The shapes of the arguments do not fit one another."""


class IndexingError(AutogradError, IndexError):
    """An index does not fit the tensor it is applied to."""


class GraphError(AutogradError, RuntimeError):
    """The recorded graph does not hold what was asked of it: no path, no derivative, no scalar root."""


class InPlaceError(AutogradError, TypeError):
    """Writing into a tensor was asked for; what a graph has read does not change."""


class CompileError(AutogradError, RuntimeError):
    """A function that is compiled decides by a value, or does something that a recorded run cannot repeat."""


class CompileWarning(UserWarning):
    """A compiled function is recorded again and again, or has done what a replay does not do."""


class AnomalyError(AutogradError, FloatingPointError):
    """Within `detect_anomaly()`, an operation made the first NaN or Inf."""


class GradcheckError(AutogradError, AssertionError):
    """A derivative disagrees with its central difference."""


class StateError(AutogradError, ValueError):
    """A saved state does not fit what it is loaded into, or there is none yet; nothing has changed."""


class DrawingError(AutogradError, RuntimeError):
    """Graphviz could not lay out a picture, or took too long."""


class MissingDependencyError(AutogradError, ImportError):
    """An optional library, or a program, is needed for what was asked and is not installed."""


class FormulaError(ArgumentError):
    """A formula typed by a person cannot be read; the message has the formula with a mark under the place."""

    def __init__(self, message: str, formula: str, place: int) -> None:
        shown = "".join(each if each.isprintable() else " " for each in formula)
        super().__init__(f"{message}\n  {shown}\n  {' ' * place}^")
        self.formula, self.place = formula, place
