"""Levers: what a planner may ask for without a file. Text in, the text of a scenario out."""
