"""The model: evidence, inference, archive, risk, and the command over them."""
