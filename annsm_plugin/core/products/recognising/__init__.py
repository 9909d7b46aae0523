"""Files whose names say nothing: what they are by their first bytes and contents, and why those that are no product cannot be used."""

from .looking import looked_into

__all__ = ["looked_into"]
