"""Real recorders, each driven through one fixed script of traffic to write a recording."""
