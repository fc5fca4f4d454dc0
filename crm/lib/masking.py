"""How phone numbers are shown to people."""


def masked(msisdn: int) -> str:
    """138****5678: what people see unless they ask for the number with a reason (P35)."""
    digits = str(msisdn)
    return f"{digits[:3]}****{digits[-4:]}"


def masked_phone(text: str) -> str:
    """A number as somebody typed it: 138****5678, 045*-****1234; of short ones the last two."""
    total = sum(character.isdigit() for character in text)
    first, last = (3, 4) if total > 8 else (0, 2)
    shown, seen = [], 0
    for character in text:
        is_hidden = character.isdigit() and first <= seen < total - last
        shown.append("*" if is_hidden else character)
        seen += character.isdigit()
    return "".join(shown)
