"""The risk table and every question put to it; NumPy only, so that a service worker stays small."""
