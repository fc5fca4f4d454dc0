"""Every write about imports, periods and alerts."""
