"""The command `defection-risk`: thin commands over the rest, heavy imports inside the command that needs them."""

from cli.main import main

__all__ = ["main"]
