"""Files whose names say nothing: what they are by their first bytes and contents, and why those that are no product cannot be used."""

from .looking import kept, looked_into, recall

__all__ = ["kept", "looked_into", "recall"]
