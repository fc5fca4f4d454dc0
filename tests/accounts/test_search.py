"""Names found by characters, pinyin and initials, and ordered as in a phone book."""

import pytest
from django.db import connection

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
        ("移", ["中国移动黑龙江公司"]),
        ("yd", ["中国移动黑龙江公司"]),
        ("公司", ["中国移动黑龙江公司", "Acme 有限公司"]),
        ("司", ["中国移动黑龙江公司", "Acme 有限公司"]),
        ("gs", ["中国移动黑龙江公司", "Acme 有限公司"]),
        ("om", []),
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
    assert pinyin.search_text("") == ""


@pytest.mark.parametrize("text", ["0451", "8232", "82321234", "045182321234", "13900000001"])
def test_contacts_are_found_by_parts_of_their_numbers(db, text):
    contact = ContactFactory(mobile="139 0000 0001", phone="0451-8232 1234")
    ContactFactory(mobile="13900000002", phone="0452-8111 1111")

    assert list(type(contact).objects.matching(text)) == [contact]


@pytest.mark.parametrize("text", ["移动", "移", "yd", "zgyd", "hlj", "g"])
def test_words_of_any_length_are_looked_up_in_the_index(clients, text):
    """Trigrams of a word of one or two letters exist only where a word begins."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Client.objects.matching(text).explain()
        cursor.execute("SELECT show_trgm(%s)", [" ".join(pinyin.search_patterns(text)).strip("%")])
        trigrams = cursor.fetchone()[0]

    assert "accounts_client_search" in plan
    assert trigrams
