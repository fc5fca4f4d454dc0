"""Care for clients: gifts given and received, services done for them."""
