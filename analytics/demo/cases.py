"""A dozen cases at every step of their way, some gifts and services of the demo company."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.choices import MAIN_SERVICES
from accounts.models import Client
from care.choices import GiftDirection, GiftOccasion
from care.services import gifts, service_records
from complaints.choices import CaseChannel, CaseKind, Satisfaction, Severity, Urgency, Window
from complaints.services import cases, handling, settling
from staff.choices import OWNER_ROLES, Role
from staff.models import User

# Kind, what was said, what is wanted, days ago, how far: 0 open, 1 replied, 2 solved, 3 closed.
STORIES = (
    (
        CaseKind.COMPLAINT,
        "本月账单比上月高出一倍，员工没有新增业务。",
        "核对账单并退还多收费用",
        9,
        3,
    ),
    (CaseKind.COMPLAINT, "办公楼地下一层通话经常中断，已反映两次。", "尽快改善信号", 8, 3),
    (CaseKind.FAULT, "互联网专线今早中断，业务系统无法访问。", "立即恢复", 7, 3),
    (CaseKind.ENQUIRY, "咨询集团彩铃的开通条件和资费。", "书面资费说明", 6, 3),
    (CaseKind.COMPLAINT, "客户经理更换后无人联系，续约事项搁置。", "安排专人跟进", 6, 2),
    (CaseKind.LEAD, "新建厂房投产，计划增加两百部工作手机。", "派人上门介绍集团套餐", 5, 1),
    (CaseKind.FAULT, "企业短信平台发送失败，提示签名错误。", "今天内恢复发送", 4, 2),
    (CaseKind.COMPLAINT, "营业厅办理过户等待一个半小时。", "给出说明", 4, 1),
    (CaseKind.ENQUIRY, "询问国际漫游的开通手续。", "电话告知", 3, 1),
    (CaseKind.COMPLAINT, "停机前没有收到欠费提醒，影响对外联系。", "说明原因并复机", 3, 0),
    (CaseKind.FAULT, "V网短号无法拨打分公司。", "排查", 0, 0),
    (CaseKind.COMPLAINT, "收到多条未订制的信息服务扣费。", "查证后退费", 0, 0),
)
ENDINGS = (
    (
        Satisfaction.SATISFIED,
        "账单说明不及时。今后套餐到期前一周逐户提醒，避免客户看到账单才知道。",
        True,
    ),
    (
        Satisfaction.PARTLY,
        "同一地点重复投诉，首次处理只作解释。今后第二次反映即报网络部现场测试。",
        True,
    ),
    (Satisfaction.SATISFIED, "光缆被施工挖断，抢修两小时恢复，过程中每半小时向客户通报。", False),
    (Satisfaction.SATISFIED, "资料齐备，当场答复。", False),
)


def make_cases(*, now: datetime) -> None:
    """The same for the same clients: nothing is left to chance."""
    people = [*User.objects.filter(role__in=OWNER_ROLES, is_active=True).order_by("username")]
    clients = [
        *Client.objects.filter(owner__in=people).select_related("owner", "unit").order_by("code")
    ][: len(STORIES)]
    clerk = User.objects.filter(role=Role.COMPLAINT_CLERK, is_active=True).order_by("pk").first()
    for number, (client, story) in enumerate(zip(clients, STORIES, strict=False)):
        _case(client, story, number, clerk, now)
        _care(client, number, now)


def _case(
    client: Client,
    story: tuple[str, str, str, int, int],
    number: int,
    clerk: User | None,
    now: datetime,
) -> None:
    kind, said, wanted, days, step = story
    owner = client.owner
    assert owner is not None  # noqa: S101 -- chosen so above
    taken_by = clerk if clerk and number % 3 == 0 else owner
    at = now - timedelta(days=days, hours=2)
    contact = client.contacts.order_by("pk").first() if taken_by == owner else None
    case = cases.open_case(
        client=client,
        kind=kind,
        said=said,
        wanted=wanted,
        contact=contact,
        caller_name="" if contact else "王主任",
        caller_number="" if contact else "0451-82345678",
        window=Window.HOTLINE if taken_by == clerk else Window.CENTRE,
        channel=CaseChannel.PHONE,
        severity=Severity.MAJOR if number == 2 else Severity.MINOR,
        urgency=Urgency.URGENT if kind == CaseKind.FAULT else Urgency.NORMAL,
        now=at,
        by=taken_by,
    )
    if taken_by != owner:
        case = handling.transfer_case(
            case=case,
            person=owner,
            reason="请客户经理跟进",
            now=at + timedelta(minutes=10),
            by=taken_by,
        )
    if step >= 1:
        case = handling.give_first_reply(
            case=case,
            text="已告知客户正在核查，明日再次回复。",
            now=at + timedelta(minutes=40),
            by=taken_by,
        )
    if step >= 2:
        case = settling.resolve_case(
            case=case,
            result="查明原因并处理完毕，已向客户说明。",
            now=at + timedelta(hours=20),
            by=owner,
        )
    if step == 3:
        satisfaction, summary, is_lesson = ENDINGS[number % len(ENDINGS)]
        settling.close_case(
            case=case,
            satisfaction=satisfaction,
            summary=summary,
            is_lesson=is_lesson,
            now=at + timedelta(hours=30),
            by=owner,
        )


def _care(client: Client, number: int, now: datetime) -> None:
    owner = client.owner
    assert owner is not None  # noqa: S101 -- chosen so above
    day = timezone.localtime(now - timedelta(days=number + 1)).date()
    contact = client.contacts.order_by("pk").first()
    service_records.record_service(
        client=client,
        contact=contact,
        service=MAIN_SERVICES[number % len(MAIN_SERVICES)],
        done="按客户要求上门办理，并逐项说明。",
        result="客户表示清楚",
        served_on=day,
        now=now,
        by=owner,
    )
    if number % 3 == 0:
        gifts.register_gift(
            client=client,
            contact=contact,
            direction=GiftDirection.RECEIVED if number == 6 else GiftDirection.GIVEN,
            occasion=GiftOccasion.FESTIVAL,
            item="茶叶礼盒" if number else "定制台历",
            value=Decimal(260 if number else 60),
            happened_on=day,
            now=now,
            by=owner,
        )
