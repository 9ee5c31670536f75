"""What can go wrong in calibration."""

from __future__ import annotations


class CalibrationError(Exception):
    """Calibration could not be done."""


class DesignError(CalibrationError):
    """Simulated numbers would put an evidence row under another likelihood than the design's own."""
