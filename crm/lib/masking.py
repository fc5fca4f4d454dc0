"""How phone numbers are shown to people."""


def masked(msisdn: int) -> str:
    """138****5678: what people see unless they ask for the number with a reason (P35)."""
    digits = str(msisdn)
    return f"{digits[:3]}****{digits[-4:]}"
