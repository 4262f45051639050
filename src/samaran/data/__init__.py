"""Public word lists, each with its source in README.md beside it. Data, no code."""
