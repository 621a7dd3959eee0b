"""What a compiled function sees: the variables of functions that it calls, of methods, and of a module's forward."""

import contextlib
import functools
import importlib
import random
import sys
from collections import ChainMap, UserDict, UserList, deque, namedtuple
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nn
import optim
from autograd import CompileError, CompileWarning, Tensor, compile  # noqa: A004  ours
from autograd.plan.seen import Seen

X = np.array([1.0, 2.0, 3.0])
SCALE = 2.0
GENERATOR = np.random.default_rng(0)


def scaled(x):
    return x * SCALE


def through_another(x):
    return scaled(x) + 1.0


def noisy(x):
    return x + GENERATOR.normal(size=3)


def by_chance(x):
    return x * random.random()


class Scaling(nn.Module):
    def forward(self, x):
        return x * SCALE


class Trainer:
    rng = np.random.default_rng(1)

    def __init__(self):
        self.model, self.weight = Scaling(), 1.0

    def loss(self, x):
        return self.weighted(x).sum()

    def weighted(self, x):
        return self.model(x) * self.weight

    def step(self, x):
        return self.loss(x) * 2.0

    def noise(self, x):
        return x + self.rng.normal(size=3)


trainer = Trainer()
whole = SimpleNamespace(trainer=trainer)
LOG = []


class Drawing(nn.Module):
    def __init__(self):
        self.held = [np.random.default_rng(3)]

    def forward(self, x):
        return x * self.held[0].random()


@functools.cache
def known(x):
    return x


class Called:
    def __call__(self, x):
        return x * SCALE

    def __getitem__(self, x):
        return x * SCALE

    @property
    def number(self):
        return SCALE

    @staticmethod
    def by_itself(x):
        return x * SCALE


class Remote(Called):
    def __call__(self, x):
        return super().__call__(x)


called = Called()
HELD = {
    "function": scaled,
    "list": [Called()],
    "nested": {"pair": (1.0, scaled)},
    "generator": np.random.default_rng(2),
}
OLD, PLAIN = np.random.RandomState(0), SimpleNamespace(generators=[random.Random(0)])
draw = OLD.normal

SEEING = {
    "itself": lambda x: x * SCALE,
    "by a function": lambda x: scaled(x),
    "by a function of a function": lambda x: through_another(x),
    "within an inner function": lambda x: sum(part * SCALE for part in [x, x]),
    "by a method": lambda x: trainer.step(x),
    "as a bound method": trainer.step,
    "by a partial function": functools.partial(lambda x, function: function(x), function=scaled),
    "by a default value": lambda x, function=scaled: function(x),
    "by a default value that has to be named": lambda x, *, function=scaled: function(x),
    "by the forward of a module": lambda x: trainer.model(x),
    "as a module": trainer.model,
    "by an object that is called": lambda x: called(x),
    "as an object that is called": called,
    "by the method of a class below": Remote(),
    "by an object that is asked for an item": lambda x: called[x],
    "by a property": lambda x: x * called.number,
    "by a static method": lambda x: called.by_itself(x),
    "by a class that is called": lambda x: Called()(x),
    "by a function in a dict": lambda x: HELD["function"](x),
    "by an object in a list": lambda x: HELD["list"][0](x),
    "by a function in a tuple in a dict in a dict": lambda x: HELD["nested"]["pair"][1](x),
}


@pytest.mark.parametrize("function", SEEING.values(), ids=SEEING)
def test_a_number_that_a_function_reads_wherever_it_is_named_may_change(function, monkeypatch):
    compiled = compile(function)
    for scale, count in ((2.0, 0), (3.0, 1), (3.0, 1)):
        monkeypatch.setitem(globals(), "SCALE", scale)
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x), function(x))
        assert compiled.recompiles == count


@pytest.mark.parametrize(
    "function", [trainer.step, lambda x: trainer.step(x), lambda x: through_another(x) * whole.trainer.step(x)]
)
def test_attributes_that_methods_name_are_looked_at(function, monkeypatch):
    compiled = compile(function)
    for weight, count in ((1.0, 0), (5.0, 1), (5.0, 1)):
        monkeypatch.setattr(trainer, "weight", weight)
        np.testing.assert_array_equal(compiled(X), function(X))
        assert compiled.recompiles == count
    monkeypatch.setattr(trainer, "model", nn.Tanh())
    np.testing.assert_array_equal(compiled(X), function(X))
    assert compiled.recompiles == 2


class Slotted:
    __slots__ = ("inner", "rate", "scale")


class Configured(nn.Module):
    def __init__(self, held):
        self.held = held

    @property
    def scale(self):
        return self.held.scale

    def forward(self, x):
        return x * self.scale


@dataclass(slots=True)
class Settings:
    inner: Any = None
    rate: float = 1.0
    scale: float = 2.0


@pytest.mark.parametrize("kind", [Slotted, Settings, SimpleNamespace])
def test_attributes_are_looked_at_in_slots_too_and_where_properties_name_them(kind):
    outer, inner = kind(), kind()
    outer.inner, inner.scale, inner.rate, model = inner, 2.0, 1.0, Configured(inner)
    compiled = compile(lambda x: model(x) * outer.inner.rate)
    for name, value, count in (("scale", 2.0, 0), ("scale", 3.0, 1), ("rate", 2.0, 2), ("rate", 2.0, 2)):
        setattr(inner, name, value)
        np.testing.assert_array_equal(compiled(X), X * inner.scale * inner.rate)
        assert compiled.recompiles == count


def test_an_array_that_numpy_alone_reads_may_be_written_to():
    mask, table = np.ones(3), np.arange(3.0)
    compiled = compile(lambda x: x * (mask > 0) + x * table)
    for count in range(3):
        np.testing.assert_array_equal(compiled(X), X * (mask > 0) + X * table)
        assert compiled.recompiles == count
        mask[count] = 0.0
        table += 1.0  # an operation reads it, so that it is read anew at each call
    assert compiled.reason == "mask, which NumPy reads by itself, has been written to"


def of_arrays():
    """Functions that read an array both by an operation and by NumPy alone, with the array."""
    weight, closed, given, other = np.ones((4, 3))
    holder = SimpleNamespace(_weight=weight)
    yield lambda x: np.where(closed > 0, x, 0.0) + x * closed, closed
    yield lambda x: x * holder._weight + x * float(holder._weight.sum()), weight
    yield lambda x, given=given: x * given + x * (given > 0), given

    def renamed(x):
        same = other
        return np.where(same > 0, x, 0.0) + x * same

    yield renamed, other


@pytest.mark.parametrize(("function", "array"), list(of_arrays()))
def test_an_array_that_an_operation_reads_and_numpy_too_may_be_written_to(function, array):
    compiled = compile(function)
    for count in range(3):
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x), function(x))
        assert compiled.recompiles == count
        array[count] = -2.0


@pytest.mark.parametrize("size", [4, 2**17])
@pytest.mark.parametrize(
    "function",
    [
        lambda array, x: x * array.size,
        lambda array, x: x.sum() * array,
        lambda array, x: x.sum() * array + array.ndim,
    ],
)
def test_an_array_may_be_given_another_shape_in_place(function, size):
    array = np.zeros(size)
    compiled = compile(lambda x: function(array, x))
    for count, shape in enumerate(((size,), (2, size // 2), (2, size))):
        array.resize(shape, refcheck=False)
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x), function(array, x))
        assert compiled.recompiles == count


@pytest.mark.parametrize("names", [["rate"], ("rate",), {"rate": 0}])
def test_attributes_whose_names_are_texts_are_looked_at(names):
    name, inner = "scale", Called()
    inner.scale = inner.rate = 2.0
    compiled = compile(lambda x: x * getattr(inner, name) * sum(vars(inner)[each] for each in names))
    for changed, count in (("other", 0), ("scale", 1), ("rate", 2)):
        setattr(inner, changed, 3.0)
        np.testing.assert_array_equal(compiled(X), X * inner.scale * inner.rate)
        assert compiled.recompiles == count


@pytest.mark.parametrize("of_module", [False, True])
def test_what_the_hook_of_a_gradient_reads_may_change(of_module, monkeypatch):
    model = nn.Linear(3, 1, bias=False, rng=0)
    weight = model.weight if of_module else Tensor(np.ones(3), requires_grad=True)
    weight.register_hook(lambda adjoint: adjoint * SCALE)

    @compile
    def slope(x):
        weight.zero_grad()
        (model(x) if of_module else x * weight).sum().backward()

    for scale, count in ((2.0, 0), (3.0, 1), (3.0, 1)):
        monkeypatch.setitem(globals(), "SCALE", scale)
        slope(X)
        np.testing.assert_array_equal(np.ravel(weight.grad), X * scale)
        assert slope.recompiles == count


def test_an_object_that_makes_its_attributes_up_is_not_asked_for_others():
    class Table:
        def __init__(self):
            self.__dict__["entries"] = {"scale": 2.0}

        def __getattr__(self, name):
            return self.entries[name]

    table = Table()
    compiled = compile(lambda x: x * table.scale)
    for scale, count in ((2.0, 0), (3.0, 1)):
        table.entries["scale"] = scale
        np.testing.assert_array_equal(compiled(X), X * scale)
        assert compiled.recompiles == count


def cleared(held, new):
    held.clear()
    held.update(new)


@pytest.mark.parametrize(
    ("held", "function", "change"),
    [
        ({"a": 2.0, "b": 5.0}, lambda held, x: x * held["a"], lambda held: cleared(held, {"b": 2.0, "a": 5.0})),
        ({1, 2}, lambda held, x: x * len(held), lambda held: held.add(3)),
        (deque([1.0]), lambda held, x: x * held[-1], lambda held: held.append(4.0)),
        ({"a": [{"b": 2.0}]}, lambda held, x: x * held["a"][0]["b"], lambda held: held["a"][0].update(b=3.0)),
        (UserDict(a=2.0), lambda held, x: x * held["a"], lambda held: held.update(a=3.0)),
        (UserList([2.0]), lambda held, x: x * held[0], lambda held: held.append(held.pop() + 1.0)),
        (ChainMap({}, {"a": 2.0}), lambda held, x: x * held["a"], lambda held: held.maps[1].update(a=3.0)),
        ([SimpleNamespace(k=2.0)], lambda held, x: x * held[0].k, lambda held: setattr(held[0], "k", 3.0)),
    ],
)
@pytest.mark.parametrize("by_attribute", [False, True])
def test_what_lists_dicts_and_sets_hold_may_change(held, function, change, by_attribute):
    held = deepcopy(held)
    holder = SimpleNamespace(held=held)
    compiled = compile((lambda x: function(holder.held, x)) if by_attribute else (lambda x: function(held, x)))
    for count in range(2):
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x), function(held, x))
        assert compiled.recompiles == count
        change(held)


def test_a_list_to_which_the_run_itself_writes_is_a_log_and_no_input():
    class Logging(Scaling):
        def __init__(self):
            self.shapes = []

        def forward(self, x):
            LOG.append(x.shape)
            self.shapes.append(x.shape)
            return super().forward(x)

    model = Logging()
    one, two = compile(lambda x: model(x)), compile(lambda x: model(x) + 1.0)
    with pytest.warns(CompileWarning, match=r"what LOG holds, what Logging\.shapes holds while it was recorded"):
        one(X), two(X)
    for _ in range(3):
        np.testing.assert_array_equal(one(X) + 1.0, two(X))
    assert one.recompiles == two.recompiles == 0
    assert LOG == model.shapes == [(3,), (3,)]


@pytest.mark.parametrize(
    ("function", "generator"),
    [
        (lambda x: noisy(x), "the generator 'GENERATOR'"),
        (lambda x: trainer.noise(x), r"the generator 'trainer\.rng'"),
        (trainer.noise, r"the generator 'self\.rng'"),
        (lambda x: x * HELD["generator"].random(), r"the generator 'HELD\['generator'\]'"),
        (lambda x: x * PLAIN.generators[0].random(), r"the generator 'PLAIN\.generators\[0\]'"),
        (Drawing(), r"the generator 'self\.held\[0\]'"),
        (lambda x: x * OLD.rand(3), "the generator 'OLD'"),
        (lambda x: x * draw(), "the generator 'draw'"),
        (lambda x: by_chance(x), "Python's global generator"),
        (lambda x: x * np.random.rand(3), "NumPy's global generator"),
    ],
)
def test_a_draw_that_is_not_recorded_is_refused_wherever_it_is_made(function, generator):
    with pytest.raises(CompileError, match=f"draws from {generator} by itself"):
        compile(function)(X)


def test_the_forward_of_a_users_module_is_followed_within_a_sequential(monkeypatch):
    model = nn.Sequential(nn.Tanh(), Scaling())
    compiled = compile(model)
    for scale, count in ((2.0, 0), (3.0, 1)):
        monkeypatch.setitem(globals(), "SCALE", scale)
        np.testing.assert_array_equal(compiled(X), model(X))
        assert compiled.recompiles == count


def test_functions_that_are_installed_are_not_followed():
    names = [name for name, _ in Seen(lambda x: known(scaled(np.ma.masked_array(x)), namedtuple("P", "x"))).bound()]
    assert set(names) == {"known", "scaled", "np", "namedtuple", "SCALE"}


def test_what_a_run_changes_by_itself_is_warned_of_since_a_replay_does_not():
    class Counting(nn.Module):
        def __init__(self):
            self.calls, self._inner, self._other = 0, 0, 0

        def forward(self, x):
            self.calls += 1
            self._inner += 1
            self.last = x * 2.0
            return self.last

    model, seen = Counting(), SimpleNamespace(steps=0)

    def step(x):
        seen.steps += 1
        return model(x)

    compiled = compile(step)
    with pytest.warns(
        CompileWarning, match=r"changed Counting, Counting\.calls, Counting\.last, SimpleNamespace\.steps while it was"
    ):
        compiled(X)
    for _ in range(3):
        np.testing.assert_array_equal(compiled(X), 2.0 * X)
    assert (model.calls, seen.steps, compiled.recompiles) == (1, 1, 0)


def test_a_long_list_holds_data_and_is_not_looked_through():
    data = [X + i for i in range(2000)]
    compiled = compile(lambda x, i: x * data[i])
    np.testing.assert_array_equal(compiled(X, 1), X * (X + 1))
    data.append(X)
    np.testing.assert_array_equal(compiled(X, 1), X * (X + 1))
    assert compiled.recompiles == 0


def test_a_variable_that_is_bound_to_nothing_any_more_is_told():
    def bound():
        scale = 2.0

        def free():
            nonlocal scale
            del scale

        return compile(lambda x: x * scale), free

    compiled, free = bound()
    compiled(X)
    free()
    with pytest.raises(NameError, match="scale"):
        compiled(X)
    assert compiled.reason.startswith("a variable is bound to nothing")


def test_parameters_that_a_group_is_given_are_moved_and_those_it_has_lost_are_not():
    a, b = (Tensor(np.ones(3), requires_grad=True) for _ in range(2))
    optimizer = optim.SGD([a], lr=1.0)
    held = optimizer.param_groups[0]["params"]

    @compile
    def step(x):
        optimizer.zero_grad()
        (a * b * x).sum().backward()
        optimizer.step()

    changes = [held.copy, lambda: held.append(b), held.pop, lambda: held.__setitem__(0, b)]
    for count, (change, moved) in enumerate(zip(changes, ([a], [a, b], [a], [b]), strict=True)):
        change()
        before = [each.numpy() for each in (a, b)]
        step(X)
        changed = [each for each, old in zip((a, b), before, strict=True) if (each.numpy() != old).any()]
        assert changed == moved
        assert step.recompiles == count
    assert step.reason == "a parameter of SGD is another"


def test_what_a_function_names_of_an_imported_module_is_looked_at(tmp_path, monkeypatch):
    (tmp_path / "settings.py").write_text("scale, other = 2.0, 1.0\ndef scaled(x):\n    return x * scale\n")
    (tmp_path / "within.py").write_text("import settings\n")
    monkeypatch.syspath_prepend(tmp_path)
    within = importlib.import_module("within")
    function = lambda x: x * within.settings.scale + within.settings.scaled(x)  # noqa: E731  it closes over the module
    compiled = compile(function)
    for name, value, count in (("other", 2.0, 0), ("scale", 3.0, 1), ("scaled", np.negative, 2)):
        np.testing.assert_array_equal(compiled(X), function(X))
        monkeypatch.setattr(within.settings, name, value)
        np.testing.assert_array_equal(compiled(X), function(X))
        assert compiled.recompiles == count
    assert compiled.reason == "scaled is another"
    assert {name for name, _ in Seen(lambda x: x * np.pi + random.random()).bound()} == {"np", "random"}


def test_a_schedule_moves_the_rate_of_a_step_that_reads_the_parameters_off_their_group():
    w = Tensor(np.ones(3), requires_grad=True)
    optimizer = optim.SGD([w], lr=1.0)

    @compile
    def step(x):
        optimizer.zero_grad()
        sum((each * x).sum() for each in optimizer.param_groups[0]["params"]).backward()
        optimizer.step()

    for rate in (1.0, 0.5, 0.25):
        optimizer.param_groups[0]["lr"] = rate
        step(X)
    np.testing.assert_array_equal(w.numpy(), 1.0 - 1.75 * X)
    assert step.recompiles == 0


def of_classes():
    """Functions that read something of a class, the class, the name, and what it is changed to."""

    class Plain:
        number, pair, nothing, inner, act, calls = 2.0, (2.0,), None, SimpleNamespace(k=2.0), np.tanh, 0
        by_itself = staticmethod(np.tanh)

        def method(self, x):
            return x * 2.0

        @property
        def asked(self):
            return 2.0

    class Model(nn.Module):
        number, pair = 2.0, (2.0,)
        act = staticmethod(np.tanh)

        def forward(self, x):
            return self.act(x) * self.number * self.pair[0]

    class Below(Model):
        pass

    plain = Plain()
    for kind in (Plain, Model, Below):
        for name, new in (("number", 5.0), ("pair", (5.0,)), ("act", staticmethod(np.sin))):
            yield kind(), kind.__mro__[kind is Below], name, new
    yield Below(), Model, "forward", lambda self, x: x * self.number * 3.0
    for name, new in (("nothing", 5.0), ("inner", SimpleNamespace(k=5.0)), ("method", lambda self, x: x * 5.0)):
        yield plain, Plain, name, new
    yield plain, Plain, "by_itself", staticmethod(np.sin)
    yield plain, Plain, "asked", property(lambda self: 5.0)


def of_plain(o, x):
    weight = o.number * o.pair[0] * (o.nothing or 1.0) * o.inner.k * o.asked
    return o.method(x) * weight + type(o).act(x) + o.by_itself(x)


@pytest.mark.parametrize(("held", "kind", "name", "new"), list(of_classes()))
def test_what_a_class_has_may_change(held, kind, name, new, monkeypatch):
    function = held if isinstance(held, nn.Module) else lambda x: of_plain(held, x)
    compiled = compile(function)
    for count in range(2):
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x), function(x))
        assert compiled.recompiles == count
        monkeypatch.setattr(kind, name, new)
    assert compiled.reason == f"{name} is another"


def test_what_a_class_has_may_come_to_stand_in_an_object_or_in_a_class_above():
    class Above:
        number = 2.0

        def method(self, x):
            return x * self.number

    class Held(Above):
        pass

    held = Held()
    compiled = compile(lambda x: held.method(x))
    changes = ((Held, "number", 3.0), (held, "number", 4.0), (held, "method", np.sin))
    for count, (where, name, new) in enumerate(changes):
        np.testing.assert_array_equal(compiled(X), held.method(X))
        assert compiled.recompiles == count
        setattr(where, name, new)
        np.testing.assert_array_equal(compiled(X), held.method(X))


def weighted(x):
    return x * weighted.weight


@compile
def weighted_when_compiled(x):
    return x * weighted_when_compiled.weight


@functools.wraps(weighted)
def wrapped(x):
    return x * wrapped.weight


@pytest.mark.parametrize("function", [weighted, weighted_when_compiled, wrapped])
def test_attributes_of_functions_may_change(function, monkeypatch):
    function.weight = function.rate = 2.0
    compiled = compile(lambda x: function(x) * function.rate)
    for name, value, count in (("other", 2.0, 0), ("weight", 5.0, 1), ("rate", 3.0, 2), ("other", 3.0, 2)):
        monkeypatch.setattr(function, name, value, raising=False)
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x), x * function.weight * function.rate)
        assert compiled.recompiles == count


def test_what_a_function_imports_itself_is_looked_at(tmp_path, monkeypatch):
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "__init__.py").write_text("number = 2.0\n")
    (tmp_path / "inside" / "settings.py").write_text("scale, other = 2.0, 1.0\n")
    (tmp_path / "inside" / "model.py").write_text(
        "def whole(x):\n    import inside.settings\n    return x * inside.settings.scale * inside.number\n"
        "def relative(x):\n    from . import number, settings\n    return x * settings.scale * number\n"
        "def named(x):\n    from .settings import scale\n    from inside import number as n\n    return x * scale * n\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    model, settings = (importlib.import_module(f"inside.{name}") for name in ("model", "settings"))
    programs = [compile(each) for each in (model.whole, model.relative, model.named)]
    changes = ((settings, "other", 0), (settings, "scale", 1), (sys.modules["inside"], "number", 2))
    for count, (where, name, number) in enumerate(changes):
        monkeypatch.setattr(where, name, 3.0 + count)
        for each, function in zip(programs, (model.whole, model.relative, model.named), strict=True):
            np.testing.assert_array_equal(each(X), function(X))
            assert each.recompiles == number


def test_a_module_that_the_run_itself_imports_is_looked_at(tmp_path, monkeypatch):
    (tmp_path / "imported_late.py").write_text("scale = 2.0\n")
    monkeypatch.syspath_prepend(tmp_path)

    @compile
    def function(x):
        import imported_late

        return x * imported_late.scale

    for scale, count in ((2.0, 0), (2.0, 0), (3.0, 1), (3.0, 1)):
        if count:
            sys.modules["imported_late"].scale = scale
        np.testing.assert_array_equal(function(X), X * scale)
        assert function.recompiles == count


class Empty:
    pass


class EmptyModule(nn.Module):
    pass


def caught(o):
    try:
        return o.k
    except AttributeError:
        return 2.0


def caught_of_all():
    try:
        return LATER  # noqa: F821  it comes later
    except:  # noqa: E722  what is tested
        return 2.0


def suppressed(o):
    k = 2.0
    with contextlib.suppress(AttributeError):
        k = o.k
    return k


ASKING = {
    "getattr": lambda o: getattr(o, "k", 2.0),
    "hasattr": lambda o: o.k if hasattr(o, "k") else 2.0,
    "an error that is caught": caught,
    "an error that is suppressed": suppressed,
}


@pytest.mark.parametrize("where", [Empty(), Empty, EmptyModule(), EmptyModule, SimpleNamespace(), lambda: 1.0])
@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_an_attribute_may_come_that_was_asked_for_before(where, ask, monkeypatch):
    compiled = compile(lambda x: x * ask(where))
    for k, count in ((2.0, 0), (5.0, 1), (6.0, 2)):
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x), x * (k if count else 2.0))
        assert compiled.recompiles == count
        monkeypatch.setattr(where, "k", k + 1.0 if count else 5.0, raising=False)


@pytest.mark.parametrize(
    ("function", "name", "value"),
    [
        (lambda x: x * caught_of_all(), "LATER", 5.0),
        (lambda x: x * sum([1.0, 2.0]), "sum", max),
    ],
)
def test_a_global_may_come_before_a_builtin_or_where_there_was_none(function, name, value, monkeypatch):
    compiled = compile(function)
    for count in range(2):
        np.testing.assert_array_equal(compiled(X), function(X))
        np.testing.assert_array_equal(compiled(-X), function(-X))
        assert compiled.recompiles == count
        monkeypatch.setitem(globals(), name, value)
    assert compiled.reason == f"{name} is another"


def test_what_a_module_of_the_users_has_may_come(tmp_path, monkeypatch):
    (tmp_path / "empty.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    empty = importlib.import_module("empty")
    compiled = compile(lambda x: x * getattr(empty, "k", 2.0))
    np.testing.assert_array_equal(compiled(X), X * 2.0)
    empty.k = 5.0
    np.testing.assert_array_equal(compiled(X), X * 5.0)


@pytest.mark.parametrize(("kind", "above"), [(Called, object), (Scaling, nn.Module)])
def test_an_object_may_be_given_another_class(kind, above):
    class Other(above):
        def __call__(self, x):
            return x * 7.0

    for held in (kind(), [kind()]):
        each = held[0] if isinstance(held, list) else held
        compiled = compile(lambda x, each=each: each(x))
        for count in range(2):
            for x in (X, -X):
                np.testing.assert_array_equal(compiled(x), each(x))
            assert compiled.recompiles == count
            each.__class__ = Other


def test_a_function_may_be_given_other_default_values():
    def shifted(x, by=1.0, *, scale=2.0):
        return x * scale + by

    compiled = compile(lambda x: shifted(x))
    changes = {"__defaults__": (5.0,), "__kwdefaults__": {"scale": 3.0}}
    for count, (name, new) in enumerate(changes.items()):
        np.testing.assert_array_equal(compiled(X), shifted(X))
        assert compiled.recompiles == count
        setattr(shifted, name, new)
        np.testing.assert_array_equal(compiled(X), shifted(X))


def test_what_stands_behind_a_view_that_cannot_be_written_to_may_change():
    array, table = np.ones(1), {"k": 2.0}
    view, shown = np.broadcast_to(array, (3,)), MappingProxyType(table)
    compiled = compile(lambda x: x * np.sum(view) * shown["k"])
    for count in range(3):
        np.testing.assert_array_equal(compiled(X), X * 3.0 * array * table["k"])
        assert compiled.recompiles == count
        if count:
            array[:] = 2.0
        else:
            table["k"] = 5.0


def test_a_zero_with_another_sign_is_another_number():
    settings = {"scale": 0.0}
    compiled = compile(lambda x: x * settings["scale"])
    for scale in (0.0, -0.0, 0.0):
        settings["scale"] = scale
        assert np.signbit(compiled(np.ones(2))).all() == np.signbit(scale)


def moved_between_groups():
    p, q = (Tensor(np.ones(2), requires_grad=True) for _ in range(2))
    optimizer = optim.SGD([{"params": [p], "lr": 0.1}, {"params": [q], "lr": 0.001}], lr=1.0)

    def step():
        optimizer.zero_grad()
        (p + q).sum().backward()
        optimizer.step()
        return q.data

    return step, lambda: optimizer.param_groups[0]["params"].append(optimizer.param_groups[1]["params"].pop())


def moved_between_lists():
    first, then = [np.sin], [np.exp, np.cos]

    def run():
        x = np.ones(2)
        for each in first:
            x = each(x)
        x = x * 2
        for each in then:
            x = each(x)
        return x

    return run, lambda: first.append(then.pop(0))


def other_groups():
    p, q = (Tensor(np.ones(2), requires_grad=True) for _ in range(2))
    optimizer = optim.SGD([p, q], lr=0.1)

    def step():
        optimizer.zero_grad()
        (p + q).sum().backward()
        optimizer.step()
        return q.data

    def change():
        optimizer.param_groups = [{**optimizer.param_groups[0], "params": [p]}]

    return step, change


def written_number():
    p = Tensor([1.0, 2.0], requires_grad=True)
    optimizer = optim.Adam([p], lr=0.1)
    eps = optimizer.param_groups[0]["eps"] = np.array(1e-8)

    def step():
        optimizer.zero_grad()
        (p * p).sum().backward()
        optimizer.step()
        return p.data

    return step, lambda: eps.fill(0.7)


@pytest.mark.parametrize("make", [moved_between_groups, moved_between_lists, other_groups, written_number])
def test_what_goes_from_one_place_to_the_next_is_seen(make):
    (eager, change), (step, change_too) = make(), make()
    compiled = compile(step)
    for _ in range(2):
        np.testing.assert_array_equal(compiled(), eager())
    change()
    change_too()
    for _ in range(2):
        np.testing.assert_array_equal(compiled(), eager())
