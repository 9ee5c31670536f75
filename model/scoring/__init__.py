"""Scoring of whole files: CSV, Parquet or JSON lines in, the same with risk columns out."""
