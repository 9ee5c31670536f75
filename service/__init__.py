"""The service: the risk table behind HTTP; NumPy and Flask, never PyMC."""

from service.application import create_app
from service.settings import Settings

__all__ = ["Settings", "create_app"]
