"""The three commands print what the formats promise, to the cent."""

import csv
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from analytics.models import Alert, BillingImport, BillingPeriod
from tests.analytics import random_company
from tests.analytics.billing_files import JUNE, csv_text, load_month, quarantine, row
from tests.factories.accounts import ClientFactory

pytestmark = pytest.mark.django_db
HEADER = "client_code,rule,period,previous,current,ratio,state"


@pytest.fixture
def run(capsys):
    """Run a command; what it wrote to the screen, line by line."""

    def run_command(*arguments: str) -> list[str]:
        capsys.readouterr()
        call_command(*arguments)
        return capsys.readouterr().out.splitlines()

    return run_command


@pytest.fixture
def file(tmp_path):
    def write(content: str | bytes, name: str = "bills.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


# import_file ------------------------------------------------------------------------------------


def test_import_file_prints_what_became_of_the_file(run, file):
    ClientFactory(code="C1")
    path = file(
        csv_text(
            [
                row(1, sms="1.00"),
                row(2, sms="10.00"),
                row(3, total="x"),
                row(4, period="2026-05", sms="10.00"),
                row(5, "NOBODY"),
            ]
        )
    )

    lines = run("import_file", path, "--kind", "member_bill")

    done = BillingImport.objects.get()
    assert json.loads(lines[-1]) == {
        "import": str(done.pk),
        "period": ["2026-05", "2026-06"],
        "rows": 5,
        "loaded": 3,
        "quarantined": 2,
        "quarantine_file": done.quarantine_file.path,
        "warnings": 1,
        "state": "loaded",
    }
    assert {line[-2] for line in quarantine(done)[1:]} == {"4", "6"}
    assert (done.file_name, BillingPeriod.objects.filter(state="complete").exists()) == (
        "bills.csv",
        False,
    )


def test_import_file_without_faults_names_no_quarantine(run, file):
    lines = run("import_file", file(csv_text([row(1)])), "--kind=member_bill", "--create-clients")

    told = json.loads(lines[-1])
    assert (told["quarantine_file"], told["quarantined"], told["warnings"]) == (None, 0, 0)


def test_import_file_takes_the_month_and_completes_it(run, file):
    text = "client_code,msisdn,status,total\nC1,13800000001,active,5.00\n"

    lines = run(
        "import_file", file(text), "--kind", "member_bill", "--period", "2026-06",
        "--create-clients", "--complete",
    )  # fmt: skip

    assert json.loads(lines[-1])["period"] == ["2026-06"]
    assert BillingPeriod.objects.get().is_complete


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("product_bill", "period,client_code,product_code,amount\n2026-06,C1,P1,5.00\n"),
        ("clients", "client_code,name\nC1,Acme\n"),
        ("contacts", "client_code,name\nC1,Wang\n"),
    ],
)
def test_import_file_loads_every_kind(run, file, kind, text):
    ClientFactory(code="C1")

    told = json.loads(run("import_file", file(text), "--kind", kind)[-1])

    assert (told["loaded"], told["state"]) == (1, "loaded")
    assert told["period"] == (["2026-06"] if kind == "product_bill" else [])


def test_import_file_says_why_a_file_is_refused(run, file, capsys):
    with pytest.raises(SystemExit, match="1"):
        run("import_file", file("period,total\n2026-06,1\n"), "--kind", "member_bill")

    written = capsys.readouterr()
    told = json.loads(written.out.splitlines()[-1])
    assert (told["state"], told["error"], told["rows"], told["quarantine_file"]) == (
        "failed", "missing_columns", 0, None,
    )  # fmt: skip
    assert "client_code (集团编号), msisdn (手机号码), status (状态)" in written.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.csv", "--kind", "member_bill"], "No such file"),
        (["x.csv", "--kind", "pictures"], "invalid choice"),
        (["x.csv"], "--kind"),
    ],
)
def test_import_file_refuses_bad_arguments(run, arguments, message):
    with pytest.raises(CommandError, match=message):
        run("import_file", *arguments)


def test_import_file_refuses_a_month_that_is_none(run, file):
    with pytest.raises(CommandError, match="2026-13 is not a month"):
        run("import_file", file("x"), "--kind", "member_bill", "--period", "2026-13")


# complete_period --------------------------------------------------------------------------------


def test_complete_period_makes_facts_and_alerts(run):
    load_month([row(1, total="100.00", period="2026-05")])
    load_month([row(1, total="10.00")], completes_period=False)

    lines = run("complete_period", "2026-06")

    assert json.loads(lines[-1]) == {
        "period": "2026-06",
        "state": "complete",
        "clients": 1,
        "readings": 1,
    }
    assert Alert.objects.get().latest_period == JUNE


def test_complete_period_of_a_month_without_bills_is_refused(run):
    with pytest.raises(CommandError, match="No bills of 2026-06"):
        run("complete_period", "2026-06")


# export_alerts ----------------------------------------------------------------------------------


@pytest.fixture
def slipping():
    """B drops, a pays late and has a wavering member; sorted by code point, B comes first."""
    load_month(
        [
            row(1, "a", "100.00", period="2026-05", arrears="50.00"),
            row(2, "B", "1000.00", period="2026-05"),
        ]
    )
    load_month(
        [
            row(1, "a", "-5.00", status="pre_churn", arrears="100.00"),
            row(2, "B", "649.95"),
        ]
    )


LINES = [
    "B,revenue_drop,2026-06,1000.00,649.95,0.3501,open",
    "a,arrears,2026-06,50.00,100.00,,open",
    "a,pre_churn,2026-06,1,1,1.0000,open",
    "a,revenue_drop,2026-06,100.00,-5.00,1.0500,open",
]


def test_export_alerts_to_the_screen_is_the_csv_alone(run, slipping):
    assert run("export_alerts", "2026-06") == [HEADER, *LINES]


def test_export_alerts_to_a_file(run, slipping, tmp_path):
    lines = run("export_alerts", "2026-06", "--out", str(tmp_path / "alerts.csv"))

    assert (tmp_path / "alerts.csv").read_bytes().decode() == "\n".join([HEADER, *LINES, ""])
    assert json.loads(lines[-1]) == {"period": "2026-06", "lines": 4}


def test_export_alerts_shows_the_state_of_each_alert(run, slipping):
    Alert.objects.filter(rule="pre_churn").update(state="visited")

    assert run("export_alerts", "2026-06")[3].endswith(",visited")


def test_export_alerts_leaves_out_what_does_not_hold_any_more(run, slipping):
    load_month([row(1, "a", "95.00"), row(2, "B", "649.95")])

    assert run("export_alerts", "2026-06") == [HEADER, LINES[0]]


def test_export_alerts_of_a_quiet_month_is_a_header(run, slipping):
    assert run("export_alerts", "2026-05") == [HEADER]


def test_export_alerts_quotes_what_needs_it(run):
    load_month([row(1, "C,1", status="pre_churn")])

    parsed = list(csv.reader(io.StringIO("\n".join(run("export_alerts", "2026-06")))))

    assert parsed[1][0] == "C,1"


@pytest.mark.rule("P11")
@pytest.mark.rule("P19")
@pytest.mark.parametrize("seed", range(10, 22))
def test_export_equals_an_independent_calculation_to_the_cent(run, file, seed):
    company = random_company.make_company(seed)
    complete = set(random_company.MONTHS) - ({random_company.MONTHS[1]} if seed % 3 == 0 else set())
    for month in random_company.MONTHS:
        run("import_file", file(csv_text(random_company.member_rows(company, month))),
            "--kind=member_bill", "--create-clients")  # fmt: skip
        if company.products[month]:
            run("import_file", file(csv_text(random_company.product_rows(company, month))),
                "--kind=product_bill")  # fmt: skip
        if month in complete:
            run("complete_period", f"{month:%Y-%m}")

    exported = {month: run("export_alerts", f"{month:%Y-%m}") for month in random_company.MONTHS}

    assert exported == {
        month: [HEADER, *expected(company, month, complete)] for month in random_company.MONTHS
    }


def expected(company, month: date, complete: set[date]) -> list[str]:
    if month not in complete:
        return []
    return [line.text() for line in random_company.expected_lines(company, month, complete)]


def test_the_random_company_reaches_every_rule():
    rules = {
        line.rule
        for seed in range(10, 22)
        for line in random_company.expected_lines(
            random_company.make_company(seed), JUNE, set(random_company.MONTHS)
        )
    }

    assert rules == {"revenue_drop", "pre_churn", "member_loss", "arrears"}
