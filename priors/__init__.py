"""What is known before any evidence: the vocabulary, the claims, the armed forces and the priors they set."""
