"""`python -m autograd derive "relu(w*x + b)**2" --wrt w --at w=2,x=3,b=1`: a derivation from the command line."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from typing import get_args

from autograd.derivation import Derivation, derive
from autograd.derivation.manner import Slopes, Style
from autograd.derivation.parsing import evaluated, names_in
from autograd.errors import ArgumentError, AutogradError
from autograd.tensor import Value

_PARTS = ("forward", "partials", "paths", "memo", "closed", "table", "costs", "check")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0, or 2 after an error, which is told on standard error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    given = _parser().parse_args(arguments)
    try:
        derivation = _derived(given)
        for path in (given.html, given.tex, given.md, given.txt):
            if path is not None:
                derivation.save(path)
    except (AutogradError, OSError, OverflowError, ZeroDivisionError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(_asked(given, derivation), end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m autograd", description="Derivations from the command line.")
    commands = parser.add_subparsers(title="commands", required=True)
    command = commands.add_parser("derive", help="write out a derivative by the chain rule, with its numbers")
    command.add_argument("formula", type=str.strip, help='in the operations\' own names: "relu(w*x + b)**2"')
    command.add_argument("--wrt", required=True, metavar="NAMES", help="what to derive by: w, or w,b")
    command.add_argument("--at", required=True, metavar="VALUES", type=_values, help="w=2,x=3,b=1")
    command.add_argument("--style", choices=get_args(Style), help="how derivatives are written")
    command.add_argument(
        "--slopes", choices=get_args(Slopes), default="output", help="a(1 - a), or σ(z)(1 - σ(z)), or σ′(z)"
    )
    command.add_argument("--digits", type=int, default=4, help="significant digits (4)")
    command.add_argument("--max-paths", type=int, default=6, help="so many paths are shown one by one (6)")
    command.add_argument("--part", choices=_PARTS, help="this part alone")
    command.add_argument("--explain", action="store_true", help="which factors make it small or large, and no more")
    for kind in ("html", "tex", "md", "txt"):
        command.add_argument(f"--{kind}", metavar="FILE", help=f"write a .{kind} file as well")
    return parser


def _values(text: str) -> dict[str, float]:
    """`w=2,x=3` as a dict. Raises: ArgumentTypeError with what is wrong."""
    found = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, equals, number = (each.strip() for each in part.partition("="))
        if not equals or not name.isidentifier():
            raise argparse.ArgumentTypeError(f"values are given as w=2,x=3; found {part!r}")
        try:
            found[name] = float(number)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{name} needs a number; found {number!r}") from None
    return found


def _derived(given: argparse.Namespace) -> Derivation:
    variables = {name: Value(number, name=name) for name, number in given.at.items()}
    root = evaluated(given.formula, variables)
    wanted = [each.strip() for each in given.wrt.split(",")]
    for name in wanted:
        if name not in variables or name not in names_in(given.formula):
            raise ArgumentError(f"--wrt {name}: the formula has the names {', '.join(names_in(given.formula))}")
    return derive(
        root,
        [variables[name] for name in wanted],
        style=given.style,
        slopes=given.slopes,
        digits=given.digits,
        max_paths=given.max_paths,
    )


def _asked(given: argparse.Namespace, derivation: Derivation) -> str:
    if given.explain:
        return "\n".join(str(derivation.explain(place)) for place in range(len(derivation.forms) or 1))
    return str(getattr(derivation, given.part) if given.part else derivation)


if __name__ == "__main__":
    sys.exit(main())
