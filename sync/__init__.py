"""REST clients: tokens now; change feed and idempotency with their issue."""
