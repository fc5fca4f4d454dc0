"""The clients of the demo company and the people met there."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from analytics.demo import names, people
from analytics.demo.numbers import SERIALS, mobile_number
from analytics.demo.stories import PINNED, PinnedClient

CLASS_SHARES = {"A": 0.10, "B": 0.30}
"""The rest is class C."""
_SIZES = {  # median, sigma of the lognormal, smallest, largest, before scaling
    "A": (380, 0.7, 120, 2600),
    "B": (52, 0.5, 20, 160),
    "C": (9, 0.6, 2, 40),
}
_RURAL = ("zhao.lei", "zheng.hao", "gao.jianguo")
_ORDINALS = "一二三四五六七八九十"
_CONTACT_SERIALS = SERIALS // 2
_BUYING_ROLES = ("initiator", "influencer", "decider", "executor", "user")
_PERSONALITIES = ("analytical", "driver", "expressive", "amiable", "silent")


@dataclass(frozen=True)
class DemoContact:
    name: str
    title: str
    department: str
    mobile: str
    phone: str
    email: str
    buying_roles: tuple[str, ...]
    kind: str
    """联系人, 单位负责人 or 高层, as in the roster"""
    birthday: str
    """YYYY-MM-DD, MM-DD, LMM-DD for a lunar date, or blank"""
    personality: str


@dataclass(frozen=True)
class DemoClient:
    code: str
    name: str
    nature: str
    industry: str
    client_class: str
    unit: str
    manager: str
    chief_representative: str
    """blank for class C"""
    address: str
    latitude: Decimal
    longitude: Decimal
    employees: int
    own_users: int
    other_users: int
    founded_on: date
    status: str
    members: int
    """member lines kept for the client by the bills"""
    contacts: tuple[DemoContact, ...]
    is_pinned: bool = False


@dataclass(frozen=True)
class _Sketch:
    name: str
    trade: names.Trade
    client_class: str
    manager: people.DemoUser


def build_company(
    *, seed: int, clients: int = 300, members: int = 20_000, with_stories: bool = True
) -> tuple[DemoClient, ...]:
    """Pinned clients of the stories come first, with the sizes their stories need."""
    pinned = PINNED if with_stories else ()
    _refuse_too_small(clients, members, pinned)
    rng = random.Random(f"company {seed}")  # noqa: S311 -- invented names, no secrets
    classes = _classes(rng, clients, pinned)
    sizes = _sizes(seed, classes, members - sum(each.members for each in pinned))
    sketches = [_pinned_sketch(each) for each in pinned]
    taken = {each.name for each in pinned}
    sketches += [_sketch(rng, client_class, taken) for client_class in classes]
    codes = [each.code for each in pinned] + _codes(sketches[len(pinned) :])
    return _finished(rng, sketches, codes, [each.members for each in pinned] + sizes, len(pinned))


def _refuse_too_small(clients: int, members: int, pinned: tuple[PinnedClient, ...]) -> None:
    if clients < 2 * len(pinned) + 1 or members < 2 * sum(each.members for each in pinned):
        raise ValueError("too few clients or members to hold the stories")
    if members < 4 * clients:
        raise ValueError("a client needs four members on average")


def _classes(rng: random.Random, clients: int, pinned: tuple[PinnedClient, ...]) -> list[str]:
    classes = []
    for name, share in CLASS_SHARES.items():
        held = sum(each.client_class == name for each in pinned)
        classes += [name] * max(0, round(clients * share) - held)
    classes += ["C"] * (clients - len(pinned) - len(classes))
    rng.shuffle(classes)
    return classes


def _sizes(seed: int, classes: list[str], members: int) -> list[int]:
    """Heavy-tailed within each class, scaled so that they add up exactly."""
    rng = np.random.default_rng([seed, 1])
    median, sigma, low, high = (
        np.array(column) for column in zip(*(_SIZES[name] for name in classes), strict=True)
    )
    raw = np.clip(median * np.exp(sigma * rng.standard_normal(len(classes))), low, high)
    shares = raw * ((members - 2 * len(classes)) / raw.sum())
    sizes = 2 + np.floor(shares).astype(np.int64)
    short = members - int(sizes.sum())
    sizes[np.argsort(np.floor(shares) - shares, kind="stable")[:short]] += 1
    return sizes.tolist()


def _pinned_sketch(pinned: PinnedClient) -> _Sketch:
    trade = next(
        each
        for each in names.TRADES
        if each.industry == pinned.industry and each.nature == pinned.nature
    )
    manager = next(user for user in people.USERS if user.username == pinned.manager)
    return _Sketch(pinned.name, trade, pinned.client_class, manager)


_MANAGERS = people.users_with_role("account_manager")
_TRADE_WEIGHTS = [trade.weight for trade in names.TRADES]


def _sketch(rng: random.Random, client_class: str, taken: set[str]) -> _Sketch:
    trade = rng.choices(names.TRADES, _TRADE_WEIGHTS)[0]
    manager = rng.choice([user for user in _MANAGERS if not trade.rural or user.username in _RURAL])
    if trade.rural and client_class == "C" and manager.unit == "HL-DQ-ZY":
        manager = rng.choice([manager, *people.users_with_role("agent")])
    return _Sketch(_new_name(rng, trade, manager.unit, taken), trade, client_class, manager)


def _new_name(rng: random.Random, trade: names.Trade, unit: str, taken: set[str]) -> str:
    city = people.city_of(unit).name.removesuffix("分公司")
    county = people.county_of(unit).name.removesuffix("营业部")
    pattern = trade.pattern
    while True:
        brand = rng.choice(names.BRAND_FIRST) + rng.choice(names.BRAND_SECOND)
        name = pattern.format(city=city, county=county, brand=brand)
        if name not in taken:
            taken.add(name)
            return name
        pattern = trade.pattern.replace("{brand}", "{brand}第" + rng.choice(_ORDINALS))


def _codes(sketches: list[_Sketch]) -> list[str]:
    """Area code and a running number per city, after those of the pinned clients."""
    last: dict[str, int] = {}
    codes = []
    for sketch in sketches:
        area = people.city_of(sketch.manager.unit).area_code
        last[area] = last.get(area, 100) + 1
        codes.append(f"{area}{last[area]:06d}")
    return codes


def _finished(
    rng: random.Random, sketches: list[_Sketch], codes: list[str], sizes: list[int], pinned: int
) -> tuple[DemoClient, ...]:
    first_serial = 0
    clients = []
    for index, (sketch, code, size) in enumerate(zip(sketches, codes, sizes, strict=True)):
        clients.append(_client(rng, sketch, code, size, first_serial, index < pinned))
        first_serial += size
    return tuple(clients)


def _client(
    rng: random.Random, sketch: _Sketch, code: str, size: int, first_serial: int, is_pinned: bool
) -> DemoClient:
    unit = sketch.manager.unit
    county = people.county_of(unit)
    other_users = round(size * rng.uniform(0.1, 0.9))
    founded_on = date(rng.randint(1952, 2018), 1, 1) + timedelta(days=rng.randrange(365))
    return DemoClient(
        code=code,
        name=sketch.name,
        nature=sketch.trade.nature,
        industry=sketch.trade.industry,
        client_class=sketch.client_class,
        unit=unit,
        manager=sketch.manager.username,
        chief_representative=_chief_representative(unit, sketch.client_class),
        address=_address(rng, county),
        latitude=_near(rng, county.latitude_micro),
        longitude=_near(rng, county.longitude_micro),
        employees=round((size + other_users) * rng.uniform(1.02, 1.6)) + 1,
        own_users=size,
        other_users=other_users,
        founded_on=founded_on,
        status="signed",
        members=size,
        is_pinned=is_pinned,
        contacts=_contacts(rng, sketch, code, size, first_serial),
    )


def _chief_representative(unit: str, client_class: str) -> str:
    """The general manager for class A, the next in line for class B."""
    chiefs = people.chief_representatives(people.city_of(unit).code)
    return {"A": chiefs[0].username, "B": chiefs[-1].username}.get(client_class, "")


def _address(rng: random.Random, county: people.DemoUnit) -> str:
    city = people.city_of(county.code).name.removesuffix("分公司")
    district = county.name.removesuffix("营业部")
    return f"黑龙江省{city}市{district}{rng.choice(names.STREETS)}{rng.randint(1, 420)}号"


def _near(rng: random.Random, centre_micro: int) -> Decimal:
    return Decimal(centre_micro + rng.randint(-28_000, 28_000)) / 1_000_000


def _contacts(
    rng: random.Random, sketch: _Sketch, code: str, size: int, first_serial: int
) -> tuple[DemoContact, ...]:
    """The first is the contact person, the second the person in charge, the third a top leader."""
    count = rng.choices((1, 2, 3, 4), (15, 45, 28, 12))[0]
    if sketch.client_class == "A":
        count = max(3, count)
    kinds = ("联系人", "单位负责人", "高层", "联系人")[:count]
    return tuple(
        _contact(rng, sketch, code, kind, _contact_mobile(rng, code, at, size, first_serial))
        for at, kind in enumerate(kinds)
    )


def _contact_mobile(rng: random.Random, code: str, at: int, size: int, first_serial: int) -> str:
    """Mostly one of the client's own member numbers, else a number no bill has."""
    if at < size and rng.random() < 0.8:
        return mobile_number(first_serial + at)
    return mobile_number(_CONTACT_SERIALS + int(code[1:]) * 4 + at)


def _contact(rng: random.Random, sketch: _Sketch, code: str, kind: str, mobile: str) -> DemoContact:
    surname, given = rng.choice(names.SURNAMES), rng.choice(names.GIVEN_NAMES)
    titles = sketch.trade.titles
    leads = kind != "联系人"
    roles = ("decider",) if leads else tuple(sorted(rng.sample(_BUYING_ROLES, rng.randint(1, 2))))
    return DemoContact(
        name=surname[0] + given[0],
        title=titles[0] if kind == "单位负责人" else titles[1] if leads else titles[-1],
        department="" if leads else rng.choice(sketch.trade.departments),
        mobile=mobile,
        phone=f"0{code[:3]}-8{rng.randrange(10**7):07d}" if rng.random() < 0.7 else "",
        email=f"{given[1]}.{surname[1]}@c{code}.example" if rng.random() < 0.6 else "",
        buying_roles=roles,
        kind=kind,
        birthday=_birthday(rng),
        personality=rng.choice(_PERSONALITIES) if rng.random() < 0.8 else "",
    )


def _birthday(rng: random.Random) -> str:
    born = date(rng.randint(1962, 1999), 1, 1) + timedelta(days=rng.randrange(365))
    form = rng.choices(("full", "month_day", "lunar", "unknown"), (50, 20, 20, 10))[0]
    lunar = f"L{rng.randint(1, 12):02d}-{rng.randint(1, 29):02d}"
    return {"full": born.isoformat(), "month_day": f"{born:%m-%d}", "lunar": lunar}.get(form, "")
