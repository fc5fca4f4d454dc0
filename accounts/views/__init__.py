"""Pages of clients, contacts and members."""
