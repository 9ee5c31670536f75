"""What each author would have forecast on a day, from what was known by then, and how well."""
