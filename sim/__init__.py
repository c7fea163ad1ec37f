"""caseholder: a workforce simulator for children's social work.

The whole program reads as six calls: load a council, load a scenario, make a study (its plans and
fates), simulate, measure, compare and present.
"""

from importlib.metadata import version

__version__ = version("caseholder")
"""As pyproject.toml states it, which alone does."""
