"""People and units over REST, to be read."""
