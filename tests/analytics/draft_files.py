"""The short way from a file to a draft that was looked at, checked or loaded."""

import io
from collections.abc import Mapping
from typing import Any

from analytics.importing.recognising import Look
from analytics.models import BillingImport
from analytics.services import drafts, imports
from staff.models import User
from tests.analytics.billing_files import NOW


def hand_in_draft(content: str | bytes, *, by: User, file_name: str = "") -> BillingImport:
    data = content.encode() if isinstance(content, str) else content
    return drafts.hand_in_draft(
        file=io.BytesIO(data), file_name=file_name or "file.csv", size=len(data), now=NOW, by=by
    )


def looked_at(content: str | bytes, *, by: User) -> BillingImport:
    """A draft whose columns wait to be confirmed."""
    return drafts.run_check(hand_in_draft(content, by=by), now=NOW)


def found(draft: BillingImport) -> dict[str, tuple[str, str]]:
    """Column of the file -> our column and how it was found, for the draft's kind."""
    look = Look.from_json(draft.looked)
    guesses = look.guesses[draft.kind]
    return {
        name: (guess.column, guess.how) for name, guess in zip(look.names, guesses, strict=True)
    }


def confirmed(draft: BillingImport, **options: Any) -> BillingImport:
    """The columns as guessed, unless told otherwise, and the dry run done."""
    look = Look.from_json(draft.looked)
    kind = options.pop("kind", draft.kind)
    mapping = {
        guess.column: place for place, guess in enumerate(look.guesses[kind]) if guess.column
    }
    defaults: Mapping[str, Any] = {
        "mapping": mapping, "words": {}, "period": None, "creates_clients": False,
        "completes_period": False,
    }  # fmt: skip
    draft = drafts.confirm_columns(
        billing_import=draft, kind=kind, now=NOW, by=draft.created_by, **{**defaults, **options}
    )
    return drafts.run_check(draft, now=NOW)


def loaded(draft: BillingImport) -> BillingImport:
    """Everything odd was looked at; the file is loaded."""
    keys = [drafts.oddity_key(odd) for odd in draft.preview["odd"]]
    draft = drafts.confirm_load(billing_import=draft, looked_at=keys, now=NOW, by=draft.created_by)
    return imports.run_import(draft, now=NOW)
