"""What code names: globals that it reads, modules that it imports, and all other names and texts in it."""

from __future__ import annotations

import dis
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import resolve_name
from itertools import pairwise
from types import CodeType

from autograd.trees import leaves


class Named:
    """The names in the code of a function, and of the functions within it."""

    def __init__(self, code: CodeType, package: str | None) -> None:
        self.globals: set[str] = set()
        """Those that are read."""
        self.imported: set[str] = set()
        """Modules, and the packages that they are in, by their whole names."""
        self.all: set[str] = set()
        """All names, of attributes too."""
        self.texts: set[str] = set()
        """Constants that may be names."""
        self.loads: Counter[str] = Counter()
        """In how many places a name is read."""
        self.catches = False
        """Whether errors are caught, of a name that is not bound perhaps."""
        waiting = [code]
        while waiting:
            each = waiting.pop()
            steps = [step for step in dis.get_instructions(each) if step.opname != "EXTENDED_ARG"]
            self.globals |= {step.argval for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
            self.imported.update(_imports(steps, package))
            self.all |= set(each.co_names)
            self.loads.update(_loads(steps))
            self.texts |= {part for part in leaves(each.co_consts) if isinstance(part, str)}
            names = Counter(step.opname for step in steps)
            self.catches |= names["PUSH_EXC_INFO"] > names["WITH_EXCEPT_START"]
            waiting.extend(part for part in each.co_consts if isinstance(part, CodeType))


def _loads(steps: Sequence[dis.Instruction]) -> Iterator[str]:
    """The name that each step reads; twice if it then has another name, under which it may be read again."""
    for step, then in pairwise(steps):
        if step.opname.startswith("LOAD_") and step.opname not in ("LOAD_CONST", "LOAD_CLOSURE"):
            names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            yield from names * (2 if then.opname.startswith(("STORE", "COPY")) else 1)


def _imports(steps: Sequence[dis.Instruction], package: str | None) -> Iterator[str]:
    """The modules that code imports: two steps before a name stands how many dots it has."""
    for place, step in enumerate(steps):
        if step.opname == "IMPORT_NAME":
            with suppress(ImportError):  # more dots than packages: it fails when it is run
                name = resolve_name("." * steps[place - 2].argval + step.argval, package)
                yield from (name, name.partition(".")[0])
