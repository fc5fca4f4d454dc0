"""Input about our own people and their units."""

from staff.forms.account import DecisionForm, DocumentForm, ExportForm, LoginForm

__all__ = ["DecisionForm", "DocumentForm", "ExportForm", "LoginForm"]
