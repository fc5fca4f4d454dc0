"""Signing in, language, notifications, to-dos and exports."""
