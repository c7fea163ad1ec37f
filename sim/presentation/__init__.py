"""8 ANSWERS: charts, tables and files."""
