"""What clients said, what was written about it, and papers on file: a few of each."""

from datetime import datetime, timedelta
from io import BytesIO

from django.utils import timezone

from accounts.choices import FileKind, ImprovementState, ReportKind, VoiceTopic
from accounts.models import Client, ClientVoice
from accounts.services import files, reports, voices
from crm.lib.months import month_before
from staff.choices import OWNER_ROLES, Role
from staff.models import User

# Topic, what was said, days ago.
VOICES = (
    (VoiceTopic.BILL, "账单项目太细，财务每月要花半天核对，希望有一页汇总。", 12),
    (VoiceTopic.NETWORK, "新办公楼电梯里没有信号，访客经常联系不上。", 9),
    (VoiceTopic.COMPETITOR, "另一家运营商上周来过，宽带报价比我们低两成。", 6),
    (VoiceTopic.PRAISE, "专线抢修很快，客户经理全程陪同，值得表扬。", 4),
    (VoiceTopic.SERVICE, "换卡要本人到营业厅，外勤人员很不方便。", 2),
)
# The voice it comes from, title, text, how far: with the supervisor's answer, or only suggested.
IMPROVEMENTS = (
    (
        0,
        "集团账单增加一页汇总",
        "按部门汇总月租、通话和信息费，随账单一并发送。",
        "已报账务部，下月试行。",
    ),
    (4, "为外勤人员上门换卡", "每周固定半天，由客户经理预约后上门办理。", ""),
)
# Kind, title, text.
FILES = (
    (
        FileKind.LICENCE,
        "营业执照登记信息.txt",
        "登记信息摘录：经营状态存续，住所与客户档案一致。原件已核对。",
    ),
    (
        FileKind.PROPOSAL,
        "集团V网建议书.txt",
        "一、现状：员工互拨按标准资费。\n二、建议：全员加入V网，互拨免费。\n三、预计每月节省三成。",
    ),
    (
        FileKind.AGREEMENT,
        "集团业务协议要点.txt",
        "协议期两年；到期前六十天商定续约；专线故障四小时内恢复。",
    ),
    (
        FileKind.OTHER,
        "摸底调查表.txt",
        "员工人数、现用号码、办公地点、决策人、现有合同到期日，均已向客户核实。",
    ),
)


def make_papers(*, now: datetime) -> None:
    """Of the first clients by code: the same for the same clients."""
    people = [*User.objects.filter(role__in=OWNER_ROLES, is_active=True).order_by("username")]
    clients = Client.objects.filter(owner__in=people).select_related("owner", "unit")
    first = [*clients.order_by("code")[: len(VOICES)]]
    heard = [_voice(client, story, now) for client, story in zip(first, VOICES, strict=False)]
    supervisor = User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("pk").first()
    _improvements(heard, supervisor, now)
    for client in first[:2]:
        _files(client, now)
        _urgent(client, now, is_open=client == first[0])
    if supervisor:
        _market_month(supervisor, now)


def _owner(client: Client) -> User:
    assert client.owner is not None  # noqa: S101 -- chosen so above
    return client.owner


def _voice(client: Client, story: tuple[str, str, int], now: datetime) -> ClientVoice:
    topic, text, days = story
    at = now - timedelta(days=days)
    contact = client.contacts.order_by("pk").first()
    return voices.record_voice(
        client=client,
        contact=contact,
        said_by="" if contact else "办公室李主任",
        topic=topic,
        text=text,
        heard_on=timezone.localtime(at).date(),
        now=at,
        by=_owner(client),
    )


def _improvements(heard: list[ClientVoice], supervisor: User | None, now: datetime) -> None:
    for number, title, text, answer in IMPROVEMENTS:
        if number >= len(heard):
            continue
        voice = heard[number]
        row = voices.suggest_improvement(
            title=title, text=text, voice=voice, now=now - timedelta(days=1),
            by=_owner(voice.client),
        )  # fmt: skip
        if supervisor and answer:
            voices.answer_improvement(
                improvement=row, state=ImprovementState.TAKEN_UP, answer=answer, now=now,
                by=supervisor,
            )  # fmt: skip


def _files(client: Client, now: datetime) -> None:
    for number, (kind, name, text) in enumerate(FILES):
        files.add_file(
            client=client,
            file=BytesIO(f"{client.name}\n{text}\n".encode()),
            name=name,
            kind=kind,
            now=now - timedelta(days=20 - number),
            by=_owner(client),
        )


def _urgent(client: Client, now: datetime, *, is_open: bool) -> None:
    """One still has its 24 hours, one was submitted in time."""
    at = now - timedelta(hours=3) if is_open else now - timedelta(days=5)
    report = reports.write_report(
        kind=ReportKind.URGENT,
        title="竞争对手上门抢签" if is_open else "客户计划搬迁办公楼",
        summary=f"{client.name}：消息来自客户办公室，须尽快研究对策。",
        lines=[{"source": "走访", "finding": "对方报价低两成", "action": "两日内带方案上门"}],
        learned_at=at,
        now=at,
        by=_owner(client),
    )
    if not is_open:
        reports.submit_report(report=report, now=at + timedelta(hours=6), by=_owner(client))


def _market_month(supervisor: User, now: datetime) -> None:
    month = month_before(timezone.localtime(now).date().replace(day=1))
    reports.write_report(
        kind=ReportKind.MARKET_MONTH,
        title=f"{month:%Y年%-m月}市场信息",
        summary="竞争对手以低价宽带进入商务楼，本月波及两户；V网需求上升。",
        lines=[
            {
                "source": "客户之声",
                "finding": "宽带报价比我们低两成",
                "action": "商务楼组合优惠报批",
            }
        ],
        month=month,
        now=now,
        by=supervisor,
    )
