"""Input about the unit tree."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import offer
from staff.choices import PARENT_KINDS
from staff.models import Unit, User
from staff.selectors.units import possible_parents


class UnitChoiceField(forms.ModelChoiceField):
    """Units indented as they stand in the tree."""

    def label_from_instance(self, unit: Unit) -> str:
        depth = getattr(unit, "tree_depth", 0)
        return f"{'　' * depth}{unit.name}"


class UnitForm(forms.ModelForm):
    """A unit below `parent`; its kind is one that may stand there."""

    class Meta:
        model = Unit
        fields = ("code", "name", "kind")

    def __init__(self, *args: Any, parent: Unit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 -- a programming error, not input
        kind.choices = [
            choice for choice in Unit._meta.get_field("kind").flatchoices
            if parent is None or parent.kind in PARENT_KINDS[choice[0]]
        ]  # fmt: skip


class RenameUnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ("code", "name")


class MoveUnitForm(forms.Form):
    parent = UnitChoiceField(Unit.objects.none(), label=_("New place below"))

    def __init__(self, *args: Any, unit: Unit, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "parent", possible_parents(by, unit))
