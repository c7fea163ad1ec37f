"""9 PYTHON: what an analyst calls from a script or a notebook; `import sim` gives the names.

A source is what the command line takes, a shipped name or a .toml file, or a mapping that holds
what such a file would. Tables are pandas DataFrames, and hold what the command line writes to CSV
files. What can't be used is refused with InputError: where, what, and how to mend it.
"""
