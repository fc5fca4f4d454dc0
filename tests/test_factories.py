"""Each factory makes one valid row, and the people of conftest stand where the drawing says."""

import pytest

from accounts.models import Client
from tests.factories import accounts, analytics, archive, care, complaints, staff, visits

FACTORIES = [
    staff.UnitFactory,
    staff.UserFactory,
    staff.PositionFactory,
    staff.AppointmentFactory,
    staff.AbsenceFactory,
    staff.LoanFactory,
    staff.DutyShiftFactory,
    staff.PolicyVersionFactory,
    staff.AcknowledgementFactory,
    staff.AssessmentFactory,
    staff.QualityFactory,
    staff.ScoreFactory,
    staff.CourseFactory,
    staff.TrainingSessionFactory,
    staff.AttendanceFactory,
    staff.TaskFactory,
    staff.NotificationFactory,
    staff.CalendarDayFactory,
    accounts.ClientFactory,
    accounts.OwnershipFactory,
    accounts.ContactFactory,
    accounts.MemberFactory,
    accounts.NumberRevealFactory,
    *archive.FACTORIES.values(),
    archive.IndustryFactory,
    archive.StatusChangeFactory,
    archive.ArchiveCheckFactory,
    visits.VisitFactory,
    care.GiftFactory,
    care.ServiceRecordFactory,
    complaints.CaseFactory,
    complaints.CaseStepFactory,
    complaints.LessonReadFactory,
    complaints.ClientLookupFactory,
    analytics.BillingPeriodFactory,
    analytics.BillingImportFactory,
    analytics.BillingUploadFactory,
    analytics.DroppedFileFactory,
    analytics.QuarantineLookFactory,
    analytics.ProductBillFactory,
    analytics.PaymentFactory,
    analytics.BusinessHandlingFactory,
    analytics.DailyUsageFactory,
    analytics.ClientMonthFactory,
    analytics.RuleVersionFactory,
    analytics.AlertReadingFactory,
    analytics.AlertFactory,
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda each: each.__name__)
def test_factory_makes_a_valid_row(factory):
    row = factory()

    row.refresh_from_db()
    row.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)


@pytest.mark.django_db
def test_traits_make_valid_rows():
    analytics.BillingPeriodFactory(complete=True)

    assert visits.VisitFactory(done=True).is_open is False


def test_alert_comes_with_the_reading_of_its_latest_month(own_client):
    alert = analytics.AlertFactory(client=own_client, rule="pre_churn", reading__current=3)

    reading = alert.readings.get()

    assert (reading.client, reading.rule, reading.period, reading.current) == (
        own_client,
        "pre_churn",
        alert.latest_period,
        3,
    )


def test_member_bill_lands_in_its_month(own_client):
    bill = analytics.add_member_bill(client=own_client, msisdn=13_800_000_001, total=100)

    assert list(own_client.member_bills.values_list("period", "total")) == [(bill.period, 100)]


def test_people_see_the_clients_of_the_drawing(
    manager, peer, representative, supervisor, operations, province, outsider,
    own_client, foreign_client,
):  # fmt: skip
    people = [manager, peer, representative, supervisor, operations, province, outsider]

    seen = {
        person.username: set(Client.objects.visible_to(person).values_list("code", flat=True))
        for person in people
    }

    assert seen == {
        "manager": {"OWN"},
        "peer": set(),
        "representative": set(),
        "supervisor": {"OWN"},
        "operations": {"OWN"},
        "province": {"OWN", "FOREIGN"},
        "outsider": {"FOREIGN"},
    }
