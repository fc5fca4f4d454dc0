"""Input about our own people and their units."""

from staff.forms.account import DocumentForm, ExportForm, LoginForm

__all__ = ["DocumentForm", "ExportForm", "LoginForm"]
