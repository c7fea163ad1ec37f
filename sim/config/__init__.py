"""1 NUMBERS: TOML files to checked, frozen values."""
