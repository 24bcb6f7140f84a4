"""What is found out once about an object, when it is first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801 - named as the decorator that it is
    """As `functools.cached_property`, without the lock that it has in Python 3.11.

    Taking the lock takes longer than most of what is asked of a line.
    """

    def __init__(self, find: Callable[[Any], Value]) -> None:
        """Take the method that finds it."""
        self._find, self._name = find, find.__name__
        self.__doc__ = find.__doc__

    def __get__(self, owner: Any, kind: type | None = None) -> Value:
        """Return what was found; from then on it is an attribute like any other."""
        value = owner.__dict__[self._name] = self._find(owner)
        return value
