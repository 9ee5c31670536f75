"""What was observed: evidence rows and officer files, read, checked and collapsed over cells and periods."""
