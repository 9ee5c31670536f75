"""Questions about a whole force over time: how many will leave, by when, and what moves change."""
