"""One class for each thing that can go wrong in a fit."""


class InferenceError(Exception):
    """A fit could not be made."""


class SamplingError(InferenceError):
    """The sampler gave up: nowhere it started has a finite density."""


class UnfitSamplingError(Exception):
    """Sampling is asked for whose draws could not be judged, or not be held."""


class NoSharedRoleError(Exception):
    """Nothing of one study stands for the same as something of another."""


def no_start(reason: object) -> SamplingError:
    """Return the error of a density that is finite nowhere near the middle of the prior."""
    return SamplingError(
        f"sampling: no start with a finite density was found ({str(reason).splitlines()[0]}); "
        "look for evidence rows that cannot hold together, or try another --seed"
    )
