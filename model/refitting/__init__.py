"""From a fit to a version, and many fits at once."""
