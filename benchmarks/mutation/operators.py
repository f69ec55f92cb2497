"""Mutation operators of our own, in cosmic-ray's form: what a claim is made of, and cosmic-ray leaves as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Example, Operator

Node = Any  # of parso, which has no types
UNRAISED = BufferError.__name__  # a real exception that nothing here raises
Span = tuple[tuple[int, int], tuple[int, int]]


def _replaced(node: Node, code: str) -> Node:
    """Return ``code`` as a node that stands where ``node`` stood."""
    new = parso.parse(f"{node.get_first_leaf().prefix}{code}")
    return new.children[0] if len(new.children) == 1 else new


class RemoveStatement(Operator):
    """``expect.answered(x)``, ``raise …``, ``assert …`` and ``x[…] = …`` become ``pass``."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """Yield statements that do something by themselves."""
        if node.type != "simple_stmt":
            return
        first = node.children[0]
        target = first.children[0].type if first.type == "expr_stmt" else ""
        called = first.type == "atom_expr" and first.children[-1].get_code().startswith("(")
        if called or first.type in {"raise_stmt", "assert_stmt"} or target == "atom_expr" or first == "raise":
            yield first.start_pos, first.end_pos

    def mutate(self, node: Node, index: int) -> Node:  # noqa: ARG002 - cosmic-ray's own signature
        """Return the statement without what it did."""
        node.children[0] = _replaced(node.children[0], "pass")
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Say what it does, for the self-test."""
        return (
            Example("f(1)\n", "pass\n"),
            Example("if x:\n    raise E\n", "if x:\n    pass\n"),
            Example("assert x, y\n", "pass\n"),
            Example("a.b = 1\n", "pass\n"),
        )


class ReturnNothing(Operator):
    """``return x`` becomes ``return None``."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """Yield what returns a value."""
        if node.type == "return_stmt" and node.children[1].get_code().strip() != "None":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Node, index: int) -> Node:  # noqa: ARG002 - cosmic-ray's own signature
        """Return the statement without its value."""
        node.children[1] = _replaced(node.children[1], "None")
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Say what it does, for the self-test."""
        return (Example("def f():\n    return 1\n", "def f():\n    return None\n"),)


class InNotIn(Operator):
    """``in`` becomes ``not in``, and the reverse."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """Yield comparisons by ``in``."""
        if node.type == "comparison" and node.children[1].get_code().split() in (["in"], ["not", "in"]):
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node: Node, index: int) -> Node:  # noqa: ARG002 - cosmic-ray's own signature
        """Return the comparison turned round."""
        turned = "not in" if node.children[1].get_code().split() == ["in"] else "in"
        node.children[1] = _replaced(node.children[1], turned)
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Say what it does, for the self-test."""
        return (Example("a in b", "a not in b"), Example("a not in b", "a in b"))


class DropElement(Operator):
    """One element of a tuple, list or set is left out, or one argument of a decorator: an exchange that is judged."""

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """Yield each element of a display that has several."""
        for element in self._elements(node):
            yield element.start_pos, element.end_pos

    def mutate(self, node: Node, index: int) -> Node:
        """Return the display without one of its elements."""
        at = node.children.index(self._elements(node)[index])
        del node.children[at : at + 2]
        if len([one for one in node.children if one != ","]) == 1 and node.children[-1] != ",":
            node.children.append(parso.parse(",").children[0])
        return node

    @staticmethod
    def _elements(node: Node) -> list[Node]:
        if node.type not in {"testlist_comp", "dictorsetmaker", "arglist"}:
            return []
        if node.type == "arglist" and node.search_ancestor("decorator") is None:
            return []  # a call without one of its arguments fails wherever it is reached
        elements = [one for one in node.children if one != ","]
        plain = all(one.type not in {"sync_comp_for", "comp_for", "argument"} and one != ":" for one in elements)
        return elements if plain and len(elements) > 1 else []

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Say what it does, for the self-test."""
        return (
            Example("x = (1, 2, 3)", "x = ( 2, 3)"),
            Example("x = {1, 2}", "x = {1,}", occurrence=1),
            Example("@judges('a', 'b')\ndef f(): pass", "@judges('a',)\ndef f(): pass", occurrence=1),
        )


class ExceptionReplacer(Operator):
    """An exception is not caught.

    cosmic-ray's own operator knows no name with a dot, and puts a name that is not defined: of several exceptions that
    a clause catches, any one would do to see that.
    """

    def mutation_positions(self, node: Node) -> Iterator[Span]:
        """Yield each exception that a clause catches."""
        for caught in self._caught(node):
            yield caught.start_pos, caught.end_pos

    def mutate(self, node: Node, index: int) -> Node:
        """Return the clause with another exception, which nobody raises."""
        caught = self._caught(node)[index]
        siblings = caught.parent.children
        siblings[siblings.index(caught)] = _replaced(caught, UNRAISED)
        return node

    @staticmethod
    def _caught(node: Node) -> list[Node]:
        if node.type != "except_clause":
            return []
        caught = node.children[1]
        if caught.type != "atom":
            return [caught]
        inner = caught.children[1]
        return inner.children[::2] if inner.type == "testlist_comp" else [inner]

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Say what it does, for the self-test."""
        return (
            Example("try: f()\nexcept E as e: pass", f"try: f()\nexcept {UNRAISED} as e: pass"),
            Example("try: f()\nexcept a.E: pass", f"try: f()\nexcept {UNRAISED}: pass"),
            Example("try: f()\nexcept (E, a.F): pass", f"try: f()\nexcept (E, {UNRAISED}): pass", occurrence=1),
        )


OWN = {one.__name__: one for one in (RemoveStatement, ReturnNothing, InNotIn, DropElement, ExceptionReplacer)}
