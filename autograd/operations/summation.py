"""Einstein's summation: products of any arrays over any axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ArgumentError, ShapeError
from autograd.operations.arranging import diagonal
from autograd.operations.samples import B223, M23, M34, REALS, SQUARE, V3
from autograd.operations.shaping import broadcast_to

# fmt: off
__all__ = [
    "einsum",
]
# fmt: on

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _terms(subscripts: str) -> tuple[list[str], str]:
    inputs, output = subscripts.split("->")
    return inputs.split(","), output


def _contract_rule(g: Any, operands: Any, subscripts: str, slot: int) -> Any:
    """The other operands and the adjoint, summed to the letters of this one.

    It is repeated along a letter that nobody else has, or has with more than one element.
    """
    terms, output = _terms(subscripts)
    letters = terms.pop(slot)
    others = [each for i, each in enumerate(operands) if i != slot]
    known = "".join(c for c in letters if c in output or any(c in term for term in terms))
    found = contract(g, *others, subscripts=f"{','.join([output, *terms])}->{known}")
    if known != letters:
        found = found[tuple(slice(None) if c in known else None for c in letters)]
    shape = operands[slot].shape
    return found if found.shape == shape else broadcast_to(found, shape=np.broadcast_shapes(found.shape, shape))


def _is_large(operands: Any) -> bool:
    """Whether to look for a good order, and for matrix products, is worth its time."""
    return len(operands) > 2 or (len(operands) == 2 and operands[0].size + operands[1].size > 4096)


@structural(
    vjp={"operands": _contract_rule},
    examples=(
        example(M23, M34, subscripts="ij,jk->ik"),
        example(V3, V3, subscripts="i,j->ij"),
        example(B223, M23, REALS[:, :2], subscripts="abc,dc,ab->d"),
        example(B223, subscripts="abc->b"),
        example(M23, M34[:1, :], subscripts="ij,kl->l"),
        example(M34, M34[:1, :], subscripts="ij,ij->"),
        example(M34[:, :1], V3, M34[:, :1], subscripts="ij,i,kj->k"),
    ),
)
def contract(*operands, subscripts):
    """Einstein's sum with every letter of a term named once, and an output. Shapes: as the subscripts say."""
    return np.einsum(subscripts, *operands, optimize=_is_large(operands))


@composite(
    example("ij,jk->ik", M23, M34),
    example("ij,jk", M23, M34),
    example("ii", SQUARE),
    example("ii->i", SQUARE),
    example("ij->ji", M23),
    example("...ij,...jk->...ik", B223, M34),
    example("...i,i->...", B223, V3),
    example("i,i,i->i", V3, V3, V3),
    example("ij->", M23),
    example("i,i->", V3[:1], V3),
    example("ij,j->i", M23[:, :1], V3),
    example("iij,jk->ik", np.stack([SQUARE, SQUARE + 1]).T, M23),
    example(M23, [0, 1], M34, [1, 2], [0, 2]),
)
def einsum(*operands, optimize=False):  # noqa: ARG001  the order of several products is always chosen
    """Einstein's sum: `einsum("ij,jk->ik", a, b)`, or `einsum(a, [0, 1], b, [1, 2], [0, 2])`.

    A letter that the output lacks is summed over; one that a term repeats takes its diagonal; `...` stands for
    further axes, which broadcast. Shapes: as the subscripts say.
    Raises: ArgumentError for subscripts that cannot be read; ShapeError for arrays that do not fit them.
    """
    subscripts, arrays = _written(operands)
    terms, output = _explicit(subscripts.replace(" ", ""), [np.ndim(each) for each in arrays])
    _check(subscripts, terms, output, arrays)
    for i, term in enumerate(terms):
        terms[i], arrays[i] = _without_repeats(term, arrays[i])
    return contract(*arrays, subscripts=f"{','.join(terms)}->{output}")


def _written(operands: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """The subscripts as text, whichever of the two ways they were given in."""
    if operands and isinstance(operands[0], str):
        return operands[0], list(operands[1:])
    arrays, lists = list(operands[: len(operands) // 2 * 2 : 2]), list(operands[1::2])
    text = ",".join(map(_letters, lists))
    return (f"{text}->{_letters(operands[-1])}" if len(operands) % 2 else text), arrays


def _letters(numbers: Any) -> str:
    return "".join("..." if each is Ellipsis else _LETTERS[each] for each in numbers)


def _explicit(subscripts: str, ndims: list[int]) -> tuple[list[str], str]:
    """The terms with letters in place of dots, and the output, which has the letters named once if none was given."""
    inputs, arrow, output = subscripts.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(ndims):
        raise ArgumentError(f"einsum '{subscripts}' has {len(terms)} terms; found {len(ndims)} arrays")
    spare = [c for c in reversed(_LETTERS) if c not in subscripts]
    extra = [ndim - len(term) + 3 if "..." in term else 0 for term, ndim in zip(terms, ndims, strict=True)]
    dots = "".join(spare[: max([0, *extra])])
    if arrow and dots and "..." not in output:
        raise ArgumentError(
            f"einsum '{subscripts}': '...' stands for {len(dots)} axes, and the output has none; write it there too"
        )
    if not arrow:
        named = inputs.replace(".", "").replace(",", "")
        output = dots + "".join(c for c in sorted(set(named)) if named.count(c) == 1)
    terms = [term.replace("...", dots[len(dots) - max(more, 0) :]) for term, more in zip(terms, extra, strict=True)]
    return terms, output.replace("...", dots)


def _check(subscripts: str, terms: list[str], output: str, arrays: list[Any]) -> None:
    known = "".join(terms)
    if not (known + output).isascii() or not (known + output + "a").isalpha():
        raise ArgumentError(f"einsum '{subscripts}': subscripts are letters, commas, '...' and one '->'")
    if wrong := [c for c in output if c not in known or output.count(c) > 1]:
        raise ArgumentError(
            f"einsum '{subscripts}': the output names '{wrong[0]}', which no term has, or names it twice"
        )
    sizes: dict[str, int] = {}
    for term, array in zip(terms, arrays, strict=True):
        if len(term) != np.ndim(array):
            raise ShapeError(f"einsum '{subscripts}': the term '{term}' stands for an array of shape {np.shape(array)}")
        for c, size in zip(term, np.shape(array), strict=True):
            if size != 1 and sizes.setdefault(c, size) != size:
                raise ShapeError(f"einsum '{subscripts}': '{c}' is {sizes[c]} in one array and {size} in another")


def _without_repeats(term: str, array: Any) -> tuple[str, Any]:
    """The diagonals of the axes that share a letter."""
    for c in sorted(set(term)):
        while term.count(c) > 1:
            first = term.index(c)
            second = term.index(c, first + 1)
            array = diagonal(array, 0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + c
    return term, array
