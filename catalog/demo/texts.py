"""Short cost shares of ``designs`` turned into the wording of the federal templates."""

from dataclasses import dataclass

NOT_APPLICABLE = "Not Applicable"
NO_CHARGE = "No Charge"


@dataclass(frozen=True)
class Share:
    """A short cost share taken apart: dollars or percent, per day or stay, after the deductible or not."""

    copay: int = 0
    percent: int = 0
    per: str = ""
    after: bool = False

    @classmethod
    def parse(cls, text: str) -> "Share":
        """``"350/dayd"`` -> copay 350 per day after the deductible. See ``designs`` for the grammar."""
        body, per = text.split("/") if "/" in text else (text, "")
        after = text.endswith("d")
        per = (per.removesuffix("d") or "d") if per else ""
        body = body.removesuffix("d") if after else body
        if body == "NC":
            return cls(per=per, after=after)
        if body.endswith("%"):
            return cls(percent=int(body[:-1]), after=after)
        return cls(copay=int(body), per=per, after=after)

    @property
    def filed(self) -> tuple[str, str]:
        """(copay text, coinsurance text) as filed."""
        tail = " after deductible" if self.after else ""
        if self.percent:
            return NOT_APPLICABLE, f"{self.percent}.00%" + (f" Coinsurance{tail}" if self.after else "")
        if not self.copay:
            return NO_CHARGE + tail, NOT_APPLICABLE
        per = f" Copay per {self.per.capitalize()}" if self.per else (" Copay" if self.after else "")
        return f"${self.copay}.00{per}{tail}", NOT_APPLICABLE


def dollars(amount: int | None) -> str:
    """``$6,000``; None is Not Applicable."""
    return NOT_APPLICABLE if amount is None else f"${amount:,}"


def per_person(amount: int | None) -> str:
    """``$6000 per person``, without a thousands comma, as filed."""
    return "per person not applicable" if amount is None else f"${amount} per person"


def per_group(amount: int | None) -> str:
    """``$12000 per group``, without a thousands comma, as filed."""
    return "per group not applicable" if amount is None else f"${amount} per group"
