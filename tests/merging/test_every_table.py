"""Whatever refers to a client or a contact follows a merge, and comes back when it is undone.

Generated over the foreign keys: a new table is in here by itself, and fails as long as it lacks a
factory, or a rule where a constraint allows one row only.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Model

from accounts.models import Client, Contact, Merge
from accounts.services.merges import merge_clients, merge_contacts, part
from crm.lib.merging import RULES, Rule, clashes, constraints_on
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.merging.rows import add_row, cells, differences, references

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20", "P12")]
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)
TODAY = date(2026, 7, 6)
# What a row needs so that the condition of its constraint holds, by table, key and other fields.
STANDING = {
    ("accounts.contact", ()): {"is_decision_maker": True},
    ("accounts.report", ("month",)): {"month": date(2026, 6, 1)},
    ("accounts.contactrelation", ()): {"kind": "reports_to"},
    ("accounts.contactrelation", ("person", "kind")): {"kind": "introduced_by"},
}
# Two open pairs of one and the same clients cannot be.
NEVER_TWICE = {"accounts.suspectedpair"}


def label(reference):
    return f"{reference.model._meta.label_lower}.{reference.name}"


def pair_of(reference, owner) -> tuple[Model, Model]:
    if reference.related_model is Client:
        return ClientFactory(code="OLD", owner=owner), ClientFactory(code="STAYS", owner=owner)
    client = ClientFactory(owner=owner)
    return ContactFactory(client=client), ContactFactory(client=client)


def merge(loser, survivor, by) -> Merge:
    wanted = {"survivor": survivor, "loser": loser, "take": (), "reason": "one house", "now": NOW}
    if isinstance(survivor, Client):
        return merge_clients(**wanted, by=by)
    return merge_contacts(**wanted, today=TODAY, by=by)


def undo(made, by):
    part(merge=made, reason="two houses", now=NOW + timedelta(days=1), by=by)


@pytest.mark.parametrize("reference", references(), ids=label)
def test_rows_follow_and_come_back(reference, manager, supervisor):
    loser, survivor = pair_of(reference, manager)
    row = add_row(reference, loser, manager)
    rule = RULES.get((reference.model._meta.label_lower, reference.name), Rule())
    is_aside = rule.aside != Rule().aside
    before = cells()

    made = merge(loser, survivor, supervisor)

    rows = reference.model._base_manager
    assert not rows.filter(**{reference.name: loser.pk}).exists()
    assert not type(loser).objects.filter(pk=loser.pk).exists()
    assert rows.filter(**{reference.name: survivor.pk}).exists() is not is_aside
    if reference.model is Merge:  # the earlier one is no longer the last
        return

    undo(made, supervisor)

    assert rows.filter(pk=row.pk, **{reference.name: loser.pk}).exists()
    assert differences(before) == {}


ONCE = [
    (reference, others, condition)
    for reference in references()
    if reference.model._meta.label_lower not in NEVER_TWICE
    for others, condition in constraints_on(reference)
    if not RULES.get((reference.model._meta.label_lower, reference.name), Rule()).is_left
]


@pytest.mark.parametrize(
    ("reference", "others", "condition"),
    ONCE,
    ids=[f"{label(each[0])}-{'-'.join(each[1])}" for each in ONCE],
)
def test_of_two_that_may_be_there_once(reference, others, condition, manager, supervisor):
    loser, survivor = pair_of(reference, manager)
    row = add_row(reference, loser, manager)
    twin = twin_of(row, reference, survivor, others)
    before = cells()
    assert clashes(reference, loser, survivor) or is_aside(reference)

    made = merge(loser, survivor, supervisor)

    assert not clashes(reference, loser, survivor)
    rows = reference.model._base_manager
    assert rows.filter(condition, pk=twin.pk).exists() or reference.name != "client"

    undo(made, supervisor)

    assert differences(before) == {}


def is_aside(reference) -> bool:
    rule = RULES.get((reference.model._meta.label_lower, reference.name), Rule())
    return rule.aside != Rule().aside


def twin_of(row, reference, survivor, others):
    """The same row at the survivor, so that a constraint allows one of the two only."""
    model = reference.model
    needed = STANDING.get((model._meta.label_lower, others), {})
    model._base_manager.filter(pk=row.pk).update(**needed)
    twin = model._base_manager.get(pk=row.pk)
    twin.pk = None
    fresh = model._meta.pk.get_default() if model._meta.pk.has_default() else None
    setattr(twin, model._meta.pk.attname, fresh)
    setattr(twin, reference.name, survivor)
    if isinstance(twin, Contact) and not others:
        twin.mobile = "13000000000"
    twin.save_base(raw=True, force_insert=True)
    return twin


def test_every_table_with_a_constraint_has_a_rule():
    """Without one a merge that meets such a clash would break off."""
    lacking = [
        label(reference)
        for reference, _others, _condition in ONCE
        if RULES.get((reference.model._meta.label_lower, reference.name), Rule()).clash is None
        and not is_aside(reference)
    ]
    assert lacking == []


def test_the_rules_are_about_tables_that_are_there():
    known = {(each.model._meta.label_lower, each.name) for each in references()}
    assert set(RULES) <= known
