"""Names found by characters, pinyin and initials, and ordered as in a phone book."""

import pytest

from accounts.models import Client
from crm.lib import pinyin
from tests.factories.accounts import ClientFactory, ContactFactory

NAMES = ["中国移动黑龙江公司", "重庆火锅", "Acme 有限公司", "长春第一汽车", "阿里山茶庄"]


@pytest.fixture
def clients(db):
    return {name: ClientFactory(name=name, code=f"HLJ{n}") for n, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("移动", ["中国移动黑龙江公司"]),
        ("zgyd", ["中国移动黑龙江公司"]),
        ("zhongguo", ["中国移动黑龙江公司"]),
        ("ZhongGuoYiDong", ["中国移动黑龙江公司"]),
        ("chongqing", ["重庆火锅"]),
        ("cq", ["重庆火锅"]),
        ("changchun", ["长春第一汽车"]),
        ("acme", ["Acme 有限公司"]),
        ("ACME 有限", ["Acme 有限公司"]),
        ("有限 acme", ["Acme 有限公司"]),
        ("hlj3", ["长春第一汽车"]),
        ("hlj 中国", ["中国移动黑龙江公司"]),
        ("nothing", []),
        ("%", []),
        ("_", []),
        ("", NAMES),
    ],
)
def test_clients_are_found_by_words_pinyin_and_initials(clients, text, names):
    found = Client.objects.matching(text)

    assert {client.name for client in found} == set(names)


def test_names_are_ordered_by_pinyin_and_tone(clients):
    ordered = Client.objects.order_by("sort_key").values_list("name", flat=True)

    assert list(ordered) == [
        "阿里山茶庄", "Acme 有限公司", "长春第一汽车", "重庆火锅", "中国移动黑龙江公司",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["王芳", "wangfang", "wf", "0001", "主任", "王 主任"])
def test_contacts_are_found_by_name_number_and_title(db, text):
    contact = ContactFactory(name="王芳", mobile="13900000001", title="主任")
    ContactFactory(name="李伟", mobile="13900000002", title="经理")

    assert list(type(contact).objects.matching(text)) == [contact]


def test_keys_fit_their_columns():
    name = "龘" * 200

    assert len(pinyin.sort_key(name)) <= 200
    assert len(pinyin.search_text(name, "C1")) <= 600
    assert pinyin.search_text("") == "  "
