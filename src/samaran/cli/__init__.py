"""The door for people and scripts: parses, calls, shows."""
