"""The demo company: invented clients, contacts and bills, always the same for one seed."""
