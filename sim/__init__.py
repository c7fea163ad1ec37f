"""caseholder: a workforce simulator for children's social work.

The whole program reads as six calls: load a council, load a scenario, make a study (its plans and
fates), simulate, measure, compare and present.
"""

__version__ = "0.1.0"
