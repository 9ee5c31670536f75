"""Simulation-based calibration: whether the whole pipeline finds again, at the right rate, what data came from."""
