"""2 RECORD: the Department for Education's tables: read, marked, joined."""
