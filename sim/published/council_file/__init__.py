"""A whole council file from the record: one module a section, so that a section is easy to add."""
