"""Papers: a finished study told as a council's documents."""
