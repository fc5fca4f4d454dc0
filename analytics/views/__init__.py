"""Pages of My day, dashboard, alerts, imports and periods."""
