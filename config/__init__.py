"""Templates that `samaran init` copies into a new study folder."""
