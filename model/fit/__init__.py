"""From priors and evidence to a posterior: the PyMC model, sampling, and the checks a fit must pass."""
