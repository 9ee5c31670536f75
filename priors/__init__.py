"""What is known before any evidence: the vocabulary, the claims, the corps and the priors they set."""
