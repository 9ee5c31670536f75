"""What answers would be, were claims or rows struck, articles or rows weighed, or bounds moved; NumPy alone."""
