"""Billing imports, monthly facts, alerts and the dashboards made of them."""
