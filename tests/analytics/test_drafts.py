"""Files handed in on a page: recognised, mapped, tried, and loaded when a person says so."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.choices import MemberStatus
from analytics.choices import ImportState
from analytics.exceptions import ImportFinished, NotADraft, NotLookedAt
from analytics.models import BillingImport, BillingPeriod, ColumnMapping, MemberBill
from analytics.services import drafts, imports, resuming
from tests.analytics.billing_files import (
    JUNE,
    MAY,
    NOW,
    bills,
    chinese,
    csv_text,
    everything,
    load,
    load_month,
    number,
    problems,
    quarantine,
    row,
)
from tests.analytics.draft_files import confirmed, found, hand_in_draft, loaded, looked_at
from tests.factories.accounts import ClientFactory

pytestmark = pytest.mark.django_db
# Headers and words nobody told us about.
ODD_HEADER = "编号;所属集团编号;用户号码;账务月份;用户状态名称;本月合计;备注"
ODD_ROWS = [
    f"{n};C1;{number(n)};2026年06月;{'在网' if n % 3 else '拆机'};{n}.50;x" for n in range(1, 13)
]
ODD = "\n".join([ODD_HEADER, *ODD_ROWS]) + "\n"


@pytest.fixture
def mine(operations):
    """Clients whose bills the operations of the city may load."""
    return [ClientFactory(code=f"C{n}", unit=operations.unit) for n in (1, 2, 3)]


# Recognising ------------------------------------------------------------------------------------


def test_a_look_finds_encoding_delimiter_rows_and_columns_by_name(mine, operations):
    text = chinese(csv_text([row(n) for n in range(1, 6)])).replace(",", ";")

    draft = looked_at(text.encode("gb18030"), by=operations)

    assert (draft.state, draft.kind, draft.encoding) == ("ready", "member_bill", "gb18030")
    assert (draft.looked["delimiter"], draft.looked["rows"]) == (";", 5)
    assert found(draft) == {
        "账期": ("period", "named"), "集团编号": ("client_code", "named"),
        "手机号码": ("msisdn", "named"), "状态": ("status", "named"), "合计": ("total", "named"),
    }  # fmt: skip


def test_columns_with_other_names_are_guessed_by_likeness_and_content(mine, operations):
    draft = looked_at(ODD, by=operations)

    assert draft.kind == "member_bill"
    assert found(draft) == {
        "编号": ("", ""), "所属集团编号": ("client_code", "guessed"),
        "用户号码": ("msisdn", "guessed"), "账务月份": ("period", "guessed"),
        "用户状态名称": ("status", "guessed"), "本月合计": ("total", "guessed"), "备注": ("", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("集团编号,集团名称,行业,地址", "clients"),
        ("集团编号,姓名,手机,职务", "contacts"),
        ("账期,集团编号,产品编码,金额", "product_bill"),
        ("账期,集团编号,集团名称,手机号码,状态,合计", "member_bill"),
    ],
)
def test_the_kind_is_the_one_the_header_covers_best(header, kind, operations):
    assert looked_at(f"{header}\n1,2,3,4,5,6\n", by=operations).kind == kind


@pytest.mark.rule("P35")
def test_what_is_kept_of_a_look_has_no_phone_numbers(mine, operations):
    draft = looked_at(csv_text([row(n, 备注=f"tel {number(n)}") for n in (1, 2)]), by=operations)

    assert str(number(1)) not in str(draft.looked)
    assert draft.looked["samples"][2] == ["138****0001", "138****0002"]


def test_a_file_nobody_can_read_is_refused_by_the_look(operations):
    draft = looked_at(b"\xd0\xcf\x11\xe0 old", by=operations)

    assert (draft.state, draft.error_code) == ("failed", "old_excel")


# Own words --------------------------------------------------------------------------------------


WORDS = {"status": {"在网": "active", "拆机": "churned"}}


@pytest.mark.parametrize("spoilt", [False, True], ids=["fast path", "judge"])
def test_own_words_are_read_as_chosen(mine, operations, spoilt):
    # A blank in the number is nothing for the fast path.
    text = ODD.replace(";138", ";138 ") if spoilt else ODD
    draft = confirmed(looked_at(text, by=operations), words=WORDS)
    assert (draft.preview["good"], draft.preview["bad"]) == (12, 0)

    loaded(draft)

    states = dict(MemberBill.objects.values_list("msisdn", "status"))
    assert (states[number(1)], states[number(3)]) == (MemberStatus.ACTIVE, MemberStatus.CHURNED)
    assert sum(fen for _, fen in bills().values()) == 12 * 50 + 100 * sum(range(1, 13))


def test_a_word_left_out_is_quarantined_and_one_may_mean_nothing(mine, operations):
    lines = [row(1, tier="普通"), row(2, tier="铂金"), row(3, tier="gold")]
    draft = looked_at(csv_text(lines), by=operations)

    draft = confirmed(draft, words={"tier": {"普通": "", "铂金": None}})

    assert (draft.preview["good"], draft.preview["bad"]) == (2, 1)
    assert [(p["code"], p["column"]) for p in draft.preview["problems"]] == [("bad_choice", "tier")]


# The dry run ------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_loading_does_what_it_said(mine, operations):
    load_month([row(n, period="2026-05", total="10.00") for n in range(1, 9)], by=operations)
    load([row(n, total="1.00") for n in range(1, 7)], by=operations)
    before = everything()
    lines = [row(n, total=f"{n}.{n:02}") for n in range(1, 11)]
    lines += [row(11, total="ten"), row(3), row(12, client="NEW"), row(13, client="C2")]

    draft = confirmed(
        looked_at(csv_text(lines), by=operations), creates_clients=True, completes_period=True
    )

    assert everything() == before
    preview = draft.preview
    assert (preview["rows"], preview["good"], preview["bad"]) == (14, 12, 2)
    assert preview["new_clients"] == {"count": 1, "first": [["NEW", "NEW"]]}
    [june] = preview["months"]
    assert june["month"] == "2026-06"
    assert june["before"] == {"rows": 8, "fen": 8000, "clients": 1}
    assert june["stored"] == {"rows": 6, "fen": 600, "clients": 1}
    assert june["replaced"] == 6

    done = loaded(draft)

    assert (done.rows, done.loaded, done.quarantined) == (14, 12, 2)
    assert done.replaced == june["replaced"]
    assert done.total == Decimal(june["new"]["fen"]) / 100
    assert sum(fen for _, fen in bills(JUNE).values()) == june["after"]["fen"]
    assert len(bills(JUNE)) == june["after"]["rows"] == june["new"]["rows"]
    clients = {code for code, _ in bills(JUNE).values()}
    assert len(clients) == june["new"]["clients"] == 3


def test_a_file_that_only_adds_says_what_the_month_will_be(mine, operations):
    load([row(n, total="1.00") for n in range(1, 11)], by=operations)

    draft = confirmed(
        looked_at(csv_text([row(1, total="5.00"), row(20, total="2.00")]), by=operations)
    )
    [june] = draft.preview["months"]
    loaded(draft)

    assert (june["replaced"], june["replaces"]) == (1, [])
    assert june["after"]["rows"] == len(bills()) == 11
    assert june["after"]["fen"] == sum(fen for _, fen in bills().values()) == 1600


def test_product_bills_and_rosters_are_tried_the_same_way(mine, operations):
    bill = "账期,集团编号,产品编码,金额\n2026-06,C1,P1,10.55\n2026-06,C2,P1,1\n2026-06,C9,P1,1\n"
    loaded(confirmed(looked_at(bill.replace("10.55", "99"), by=operations)))
    before = everything()

    draft = confirmed(looked_at(bill, by=operations))

    [june] = draft.preview["months"]
    assert (draft.preview["good"], draft.preview["bad"]) == (2, 1)
    assert june["new"] == {"rows": 2, "fen": 1155, "clients": 2}
    assert june["stored"] == {"rows": 2, "fen": 10000, "clients": 2}
    assert june["after"] == {"rows": 2, "fen": 1155, "clients": 0}
    roster = confirmed(looked_at("集团编号,集团名称\nC1,One\nX1,Two\n", by=operations))
    assert roster.preview["roster"] == {"new": 1, "changed": 1}
    assert roster.preview["new_clients"]["first"] == [["X1", "Two"]]
    assert everything() == before
    done = loaded(draft)
    assert (done.replaced, done.total) == (june["replaced"], Decimal("11.55"))


@pytest.mark.rule("P1")
def test_totals_beside_the_file_are_of_clients_in_sight_only(mine, operations, foreign_client):
    load([row(n, client="FOREIGN", period="2026-05") for n in range(50, 60)])
    load([row(n, period="2026-05") for n in range(1, 4)])

    draft = confirmed(looked_at(csv_text([row(n) for n in range(1, 4)]), by=operations))

    assert draft.preview["months"][0]["before"]["rows"] == 3
    assert draft.preview["odd"] == []


@pytest.mark.rule("P35")
def test_bad_rows_are_shown_with_lines_and_masked_numbers(mine, operations):
    lines = [row(n, total="?") for n in range(1, 40)] + [row(50, status="gone")]
    lines += [row(51, msisdn="1380000005"), row(52, msisdn="1.38E+10")]

    draft = confirmed(looked_at(csv_text(lines), by=operations))

    examples = draft.preview["examples"]
    assert len(examples) <= 20
    assert examples[0]["line"] == 2
    assert examples[0]["problems"] == [["bad_money", "total"]]
    assert examples[0]["cells"] == ["2026-06", "C1", "138****0001", "active", "?"]
    assert [each["cells"][2] for each in examples[-2:]] == ["138****0005", "1.38E+10"]
    assert [["bad_choice", "status"]] in [each["problems"] for each in examples]


# What is odd ------------------------------------------------------------------------------------


def odd_of(draft):
    return {drafts.oddity_key(odd) for odd in draft.preview["odd"]}


def test_oddities_are_told(mine, operations):
    load_month([row(n, period="2026-05", total="10.00") for n in range(1, 11)], by=operations)
    lines = [row(n, total="10.00") for n in range(1, 7)] + [row(7, total="x")]
    lines += [row(n, period="2026-08") for n in (1, 2)] + [row(1, period="2025-05")]
    lines += [row(1, period="2026-05", total="100.00")]

    draft = confirmed(looked_at(csv_text(lines), by=operations))

    assert odd_of(draft) == {
        "many_bad", "old_month-2025-05", "future_month-2026-08", "complete_month-2026-05",
        "rows_differ-2026-06", "sum_differs-2026-06",
    }  # fmt: skip


def test_an_ordinary_month_is_not_odd(mine, operations):
    load([row(n, period="2026-05") for n in range(1, 11)], by=operations)

    # 13 rows and 130 yuan: exactly 30 % more.
    draft = confirmed(looked_at(csv_text([row(n) for n in range(1, 14)]), by=operations))

    assert draft.preview["odd"] == []


def test_what_is_odd_must_be_looked_at_before_loading(mine, operations):
    draft = confirmed(looked_at(csv_text([row(1), row(2, total="x")]), by=operations))

    with pytest.raises(NotLookedAt):
        drafts.confirm_load(billing_import=draft, looked_at=[], now=NOW, by=operations)

    draft.refresh_from_db()
    assert draft.state == ImportState.READY
    assert loaded(draft).state == ImportState.LOADED


# Remembering ------------------------------------------------------------------------------------


def test_a_confirmed_mapping_is_remembered_for_the_header(mine, operations):
    loaded(confirmed(looked_at(ODD, by=operations), words=WORDS))

    again = looked_at(ODD.replace("2026年06月", "2026年07月"), by=operations)

    assert found(again)["用户号码"] == ("msisdn", "remembered")
    stored = ColumnMapping.objects.get()
    assert (stored.updated_by, stored.words) == (operations, WORDS)
    # A program that hands in the same kind of file need not ask.
    assert load(ODD, by=operations).loaded == 12


def test_what_is_never_loaded_is_not_remembered(mine, operations):
    confirmed(looked_at(ODD, by=operations))

    assert not ColumnMapping.objects.exists()


def test_a_file_whose_names_say_it_all_leaves_nothing_behind(mine, operations):
    loaded(confirmed(looked_at(csv_text([row(1)]), by=operations)))

    assert not ColumnMapping.objects.exists()
    assert BillingImport.objects.get().looked is None


@pytest.mark.rule("P14")
def test_the_quarantine_file_is_read_like_its_file(mine, operations):
    text = ODD.replace("1.50", "one", 1)
    first = loaded(confirmed(looked_at(text, by=operations), words=WORDS))
    assert problems(first) == {("bad_money", "total"): [2]}

    corrected = [[cell.replace("one", "1.50") for cell in each] for each in quarantine(first)]
    second = load("\n".join(",".join(each) for each in corrected), by=operations)

    assert (second.loaded, second.quarantined) == (1, 0)
    assert len(bills()) == 12


def test_a_forgotten_mapping_is_guessed_anew(mine, operations):
    loaded(confirmed(looked_at(ODD, by=operations), words=WORDS))
    drafts.forget_mapping(mapping=ColumnMapping.objects.get(), by=operations)

    assert found(looked_at(ODD, by=operations))["用户号码"] == ("msisdn", "guessed")
    assert load(ODD, by=operations).error_code == "missing_columns"


# Life of a draft --------------------------------------------------------------------------------


@pytest.fixture
def queued(monkeypatch):
    """Names of the jobs queued so far, in place of a broker."""
    calls = []
    for owner in (drafts, resuming):
        for name in ("check_import_task", "run_import_task"):
            task = getattr(owner, name)
            monkeypatch.setattr(task, "delay", lambda pk, name=name: calls.append(name))
    return calls


def test_confirming_twice_starts_once(mine, operations, queued, django_capture_on_commit_callbacks):
    draft = confirmed(looked_at(csv_text([row(1)]), by=operations))

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            drafts.confirm_load(billing_import=draft, looked_at=[], now=NOW, by=operations)

    assert queued == ["run_import_task"]


def test_a_run_leaves_drafts_alone(mine, operations):
    draft = looked_at(csv_text([row(1)]), by=operations)

    assert imports.run_import(draft, now=NOW).state == ImportState.READY
    assert not MemberBill.objects.exists()


def test_a_check_leaves_other_states_alone(mine, operations):
    done = load([row(1)], by=operations)

    assert drafts.run_check(done, now=NOW).state == ImportState.LOADED


def test_a_killed_check_is_taken_up_again(mine, operations, queued):
    draft = hand_in_draft(csv_text([row(1)]), by=operations)

    assert resuming.resume_imports(now=NOW + timedelta(minutes=1)) == []
    assert resuming.resume_imports(now=NOW + timedelta(minutes=3)) == [draft]

    assert queued == ["check_import_task"]
    assert drafts.run_check(draft, now=NOW).state == ImportState.READY
    assert resuming.resume_imports(now=NOW + timedelta(minutes=3)) == []


def test_a_discarded_draft_loses_its_file(mine, operations, django_capture_on_commit_callbacks):
    draft = looked_at(csv_text([row(1)]), by=operations)
    path = Path(draft.file.path)

    with django_capture_on_commit_callbacks(execute=True):
        imports.request_cancel(billing_import=draft, by=operations)

    draft.refresh_from_db()
    assert (draft.state, draft.file.name, draft.looked) == (ImportState.CANCELLED, "", None)
    assert not path.exists()
    with pytest.raises(ImportFinished):
        imports.request_cancel(billing_import=draft, by=operations)
    with pytest.raises(NotADraft):
        drafts.confirm_load(billing_import=draft, looked_at=[], now=NOW, by=operations)


def test_a_check_of_a_discarded_draft_ends_without_a_trace(mine, operations):
    draft = hand_in_draft(csv_text([row(1)]), by=operations)
    imports.request_cancel(billing_import=draft, by=operations)

    assert drafts.run_check(draft, now=NOW).state == ImportState.CANCELLED
    assert draft.looked is None


def test_drafts_that_nobody_confirms_are_dropped_after_a_day(
    mine, operations, queued, django_capture_on_commit_callbacks
):
    draft = looked_at(csv_text([row(1)]), by=operations)
    path = Path(draft.file.path)

    with django_capture_on_commit_callbacks(execute=True):
        resuming.resume_imports(now=NOW + timedelta(hours=24))
        draft.refresh_from_db()
        assert draft.state == ImportState.READY
        resuming.resume_imports(now=NOW + timedelta(hours=24, minutes=1))

    draft.refresh_from_db()
    assert draft.state == ImportState.CANCELLED
    assert not path.exists()


def test_a_month_given_on_the_page_counts_when_the_file_has_none(mine, operations):
    text = csv_text([{k: v for k, v in row(n).items() if k != "period"} for n in (1, 2)])
    draft = looked_at(text, by=operations)

    assert confirmed(draft, period=JUNE).preview["months"][0]["month"] == "2026-06"
    done = loaded(draft.__class__.objects.get(pk=draft.pk))
    assert done.periods == [date(2026, 6, 1)]
    assert not BillingPeriod.objects.filter(month=MAY).exists()
