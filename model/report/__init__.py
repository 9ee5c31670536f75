"""The report and the model card of a fit: one HTML page and one Markdown page, every figure in them computed."""
