"""One class for each thing that can go wrong in a fit."""


class InferenceError(Exception):
    """A fit could not be made."""


class SamplingError(InferenceError):
    """The sampler gave up: nowhere it started has a finite density."""
