"""Input about our own people and their units."""

from staff.forms.account import ExportForm, LoginForm

__all__ = ["ExportForm", "LoginForm"]
