"""What is written down: a log line for each request, an audit line where people were assessed, metrics."""
