"""Files of the caller's: opened if they are plain files, CSV held to its rules, results written whole or not at all."""
