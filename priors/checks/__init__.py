"""What a study's files must hold, and what they must keep together."""
