"""The model: evidence, fits, reports, the archive, and the questions put to a risk table."""
