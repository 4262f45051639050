"""samaran: de-identify interviews, seal the originals, prove each step to an ethics board."""

__version__ = "0.1.0"
