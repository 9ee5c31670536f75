"""The log-likelihood and its gradient in one pass of compiled loops, for the sampler alone.

What it says is `model.inference.likelihood` of `model.inference.hazard`, to rounding; PyTensor's own gradient of the
same takes minutes to compile.
"""
