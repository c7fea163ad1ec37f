"""7 ANSWERS: charts, tables and files."""
