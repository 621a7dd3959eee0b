"""What a function can see: the variables that it names, and those that functions named there name, and so on.

Functions of its own package are followed and those that are not installed, the user's; so are what they name of modules
of Python such as these. Methods, properties and attributes are in sight where their name is used and their object is;
so are methods that Python calls unnamed, as `__call__`, the modules of a network, with their `forward`, and what lists,
dicts, sets and tuples in sight hold.
"""

from __future__ import annotations

import os
import sys
from collections import ChainMap, Counter, UserDict, UserList, deque
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Set
from functools import partial
from itertools import chain
from types import (
    BuiltinMethodType,
    CellType,
    FunctionType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

import numpy as np

from autograd.mode import Owner
from autograd.node import Node
from autograd.operation import Operation
from autograd.plan.naming import Named

_OURS = ("autograd", "nn", "optim")
_INSTALLED = (os.path.dirname(os.__file__), os.path.dirname(os.path.dirname(np.__file__)))
MAPPINGS = (dict, MappingProxyType)
CONTAINERS = (list, set, deque, *MAPPINGS)
"""What holds places that can be written to."""
_HOLDING = (UserDict, UserList, ChainMap)
"""What holds one of them under a name that is not used."""
PLACES = 2**10
"""Places of one that is looked at, and of all those within it: where there are more, they hold data."""
_LEAVES = (Operation, np.ndarray, np.generic)
_BY_TEXT = {"getattr", "hasattr", "vars", "__dict__"}
"""Names by which attributes are read whose own names are texts."""
_ASKING = {*_BY_TEXT, "suppress"}
"""Names by which one asks whether there is an attribute."""
_TELLING = ("__repr__", "__str__", "__eq__", "__hash__")
_MAKING = ("__init__", "__new__")
"""Methods that name most attributes of an object, and are not called by what is computed with it."""
_HEAP = 1 << 9
"""The flag of a class that can be written to: Py_TPFLAGS_HEAPTYPE."""
UNBOUND = object()
"""What a variable is bound to that is bound to nothing yet."""


class Seen:
    """What is in sight of a function and of its arguments."""

    def __init__(self, function: Callable[..., Any], arguments: Iterable[Any] = ()) -> None:
        self.variables: list[tuple[Mapping[str, Any], str]] = []
        """Globals, of imported modules too, and what classes have: where, and under which name."""
        self.cells: list[tuple[str, CellType]] = []
        """Variables that are closed over."""
        self.given: list[tuple[str, Any]] = []
        """Default values, and what a partial function has been given."""
        self.attributes: set[str] = set()
        """All names that are used, of attributes among them."""
        self.loads: Counter[str] = Counter()
        """In how many places a name is read."""
        self.objects: list[tuple[str, Any]] = []
        """What may have attributes that are used."""
        self.containers: list[tuple[str, Any]] = []
        """Lists, dicts and sets, within others too."""
        self._read: list[tuple[Mapping[str, Any], set[str]]] = []
        self._imported: list[ModuleType] = []
        self._classes: dict[int, Mapping[str, Any]] = {}
        self._texts: set[str] = set()
        self._catches = False
        self._function = getattr(function, "__func__", function)
        self._known: set[Any] = set()
        self._meet("self", function)
        for i, each in enumerate(arguments):
            self._meet(f"argument {i}", each)
        self.look_again()

    def look_again(self) -> None:
        """Meet what has come: by way of objects, and later what the run itself has imported, or bound to a variable."""
        for where, names in list(self._read):
            for name, each in self._named_in(where, names):
                self._meet(name, each)
        while self._further():
            pass

    def bound(self) -> Iterator[tuple[str, Any]]:
        """The variables and what is given, with what they are bound to."""
        yield from ((name, content(cell)) for name, cell in self.cells)
        yield from ((name, where[name]) for where, name in self.variables)
        yield from self.given

    def modules(self) -> list[Owner]:
        """The modules in sight."""
        return [each for _, each in self.objects if isinstance(each, Owner)]

    def _meet(self, name: str, value: Any) -> None:
        """Follow a function and what it names; keep any other object."""
        waiting = [(name, value)]
        while waiting:
            name, value = waiting.pop()
            if id(value) not in self._known and not isinstance(value, _LEAVES):
                self._known.add(id(value))
                waiting += self._met(name, value)

    def _met(self, name: str, value: Any) -> list[tuple[str, Any]]:
        """What is met by way of a value, by name."""
        function = _function_of(value)
        if isinstance(value, Node):
            return [(f"a hook of {name}", each) for each in value.hooks]
        if isinstance(value, ModuleType):
            self._imported += [value] if self._is_users(value.__name__, getattr(value, "__file__", None)) else []
        elif isinstance(value, MethodType | BuiltinMethodType):
            return [(name, getattr(value, "__func__", None)), (name, value.__self__)]
        elif isinstance(value, partial):
            given = [*((f"{name} {i}", each) for i, each in enumerate(value.args)), *value.keywords.items()]
            self.given += given
            return [(name, value.func), *given]
        elif isinstance(function, FunctionType):
            self.objects.append((name, value))
            return [(name, function)] if function is not value else self._names_of(function)
        self._texts |= {value} if isinstance(value, str) else set()
        self.objects += [(name, value)] if _may_hold(value) else []
        return self._held_in(name, value)

    def _held_in(self, name: str, value: Any) -> list[tuple[str, Any]]:
        """What a list, dict, set or tuple holds, by name."""
        if not isinstance(value, (*CONTAINERS, tuple)) or len(value) > PLACES:
            return []
        self.containers += [] if isinstance(value, tuple) else [(name, value)]
        self._texts |= {each for each in value if isinstance(each, str)}
        places = value.items() if isinstance(value, MAPPINGS) else enumerate(value)
        found = [(f"{name}[{key!r}]", each) for key, each in places]
        within = [each for _, each in found if isinstance(each, CONTAINERS)]
        if sum(map(len, within)) > PLACES:
            return [(name, each) for name, each in found if not isinstance(each, CONTAINERS)]
        return found

    def _is_followed(self, function: FunctionType) -> bool:
        return function is self._function or self._is_users(function.__module__, function.__code__.co_filename)

    def _is_users(self, module: str | None, file: str | None) -> bool:
        """Whether code is not ours, and not installed but with the function itself."""
        package = _package(module)
        if package in _OURS or file is None:
            return package not in (*_OURS, *sys.stdlib_module_names)
        return not file.startswith(_INSTALLED) or package == _package(getattr(self._function, "__module__", None))

    def _names_of(self, function: FunctionType) -> list[tuple[str, Any]]:
        if not self._is_followed(function):
            return []
        code = function.__code__
        cells = list(zip(code.co_freevars, function.__closure__ or (), strict=True))
        count = code.co_argcount - len(function.__defaults__ or ())
        given = list(zip(code.co_varnames[count:], function.__defaults__ or (), strict=False))
        given += (function.__kwdefaults__ or {}).items()
        self.cells += cells
        self.given += given
        found = [(name, content(cell)) for name, cell in cells]
        names = Named(code, function.__globals__.get("__package__"))
        self.attributes |= names.all
        self.loads.update(names.loads)
        self._texts |= names.texts
        self._catches |= names.catches
        for where, read in ((function.__globals__, names.globals), (sys.modules, names.imported)):
            self._read.append((where, read))
            found += self._named_in(where, read)
        return [*found, *given]

    def classes_of(self, value: Any) -> list[Mapping[str, Any]]:
        """What the classes of an object, or a class itself and those below it, have; not those that nobody changes."""
        bases = [each for each in _kind(value).__mro__ if is_open(each)]
        return [self._classes.setdefault(id(each), vars(each)) for each in bases]

    def absent(self) -> list[tuple[KeysView[str], set[str]]]:
        """Where names that are used are not bound, though they would be found there, and not where they are."""
        asks = self._catches or self.attributes & _ASKING
        read = [*self._read, *((vars(each), self.attributes) for each in self._imported if asks)]
        found = {id(where): (where.keys(), set[str]()) for where, _ in read}
        for where, names in read:
            found[id(where)][1].update(names - where.keys())
        for _, each in self.objects:
            held = [] if isinstance(each, type) else [_dict_of(each)]
            spaces = [*held, *self.classes_of(each)]
            known = self.attributes if asks else self.attributes.intersection(chain(*spaces))
            for space in spaces:
                found.setdefault(id(space), (space.keys(), set()))[1].update(known - space.keys())
        return [(keys, names) for keys, names in found.values() if names]

    def _methods(self, value: Any) -> Iterator[tuple[str, Any]]:
        """What the classes of a value have under names that are used, and what Python calls unnamed."""
        used = self.attributes | {"forward"} if isinstance(value, Owner) else self.attributes
        unused = _TELLING if isinstance(value, type) else (*_TELLING, *_MAKING)
        for space in self.classes_of(value):
            functions = {name for name, each in space.items() if isinstance(each, FunctionType)}
            unnamed = {name for name in functions if name.startswith("__") and name not in unused}
            yield from self._named_in(space, used | unnamed)

    def _named_in(self, where: Mapping[str, Any], names: Iterable[str]) -> list[tuple[str, Any]]:
        """The variables with these names that were not in sight yet."""
        found = [name for name in sorted(names) if name in where and (id(where), name) not in self._known]
        self._known.update((id(where), name) for name in found)
        self.variables += [(where, name) for name in found]
        return [(name, where[name]) for name in found]

    def _further(self) -> bool:
        """Whether there was something to meet by way of objects: methods, modules within them, what they hold."""
        before = len(self._known)
        self.attributes |= self._texts if self.attributes & _BY_TEXT else set()
        for module in list(self._imported):
            for name, each in self._named_in(vars(module), self.attributes):
                self._meet(name, each)
        for name, each in list(self.objects):
            for key, part in [*_parts(each, self.attributes), *self._methods(each)]:
                self._meet(f"{name}.{key}", part)
        return len(self._known) > before


def _function_of(value: Any) -> Any:
    """The function that is called where a value is used, as far as it is known."""
    if isinstance(value, property):
        return value.fget
    if isinstance(value, staticmethod | classmethod):
        return value.__func__
    return value if isinstance(value, FunctionType) else _dict_of(value).get("__wrapped__")


def _parts(value: Any, used: Set[str]) -> Iterator[tuple[str, Any]]:
    """What an object holds under names that are used; a module all, and the modules within it.

    Not the groups and memories of an optimizer, which it looks at itself: they change as it moves.
    """
    is_whole, is_ours = isinstance(value, (Owner, *_HOLDING)), _package(type(value).__module__) in _OURS
    if isinstance(value, Owner):
        yield from value.named_modules()
    for name, each in attributes_of(value).items():
        if is_whole or (name in used and not (is_ours and isinstance(each, CONTAINERS))):
            yield name, each


def _package(module: str | None) -> str:
    return (module or "").partition(".")[0]


def _kind(value: Any) -> type:
    return value if isinstance(value, type) else type(value)


def is_open(kind: type) -> bool:
    """Whether what a class has may be changed: Python does not let one change its own, and ours are left alone."""
    return bool(kind.__flags__ & _HEAP) and _package(kind.__module__) not in _OURS


def _may_hold(value: Any) -> bool:
    """Whether a value is an object with attributes: those of Python's own types have none but their contents."""
    return isinstance(value, type) or type(value).__module__ != "builtins"


def attributes_of(value: Any) -> dict[str, Any]:
    """What an object holds itself, by name, in slots too, without asking it; of a class nothing."""
    if isinstance(value, type):
        return {}
    named = (pair for each in type(value).__mro__ if "__slots__" in vars(each) for pair in vars(each).items())
    slots = {name: _in_slot(slot, value) for name, slot in named if isinstance(slot, MemberDescriptorType)}
    return {**slots, **_dict_of(value)}


def _dict_of(value: Any) -> dict[str, Any]:
    held = getattr(value, "__dict__", None)
    return held if isinstance(held, dict) else {}


def _in_slot(slot: MemberDescriptorType, value: Any) -> Any:
    try:
        return slot.__get__(value)
    except AttributeError:
        return UNBOUND


def in_class(kind: type, name: str) -> Any:
    """What a class has under a name, as it stands there."""
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), UNBOUND)


def content(cell: CellType) -> Any:
    """What a variable is bound to that is closed over."""
    try:
        return cell.cell_contents
    except ValueError:
        return UNBOUND
