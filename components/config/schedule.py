"""`triggers.schedule`: the times at which a build starts."""

import re
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import Field

from .fields import Section, Text, checked

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
_RATE = re.compile(r"rate\(([1-9][0-9]{0,4}) (minute|hour|day)(s?)\)")
_AT = re.compile(r"at\([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\)")
_CRON = re.compile(r"cron\((?P<fields>[^()]*)\)")

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_CRON_FIELDS = {
    "minutes": ("", [str(each) for each in range(60)]),
    "hours": ("", [str(each) for each in range(24)]),
    "day of the month": (r"|\?|L|([1-9]|[12][0-9]|3[01])W", [str(each) for each in range(1, 32)]),
    "month": ("", [str(each) for each in range(1, 13)] + _MONTHS),
    "day of the week": (r"|\?|L|[1-7]L|[1-7]#[1-5]", [str(each) for each in range(1, 8)] + _DAYS),
    "year": ("", [str(each) for each in range(1970, 2200)]),
}
"""The six fields of AWS's cron: what a field may be beyond lists of values, ranges and steps, and its values."""


def _expression(value: str) -> str | None:
    if rate := _RATE.fullmatch(value):
        one, plural = rate[1] == "1", bool(rate[3])
        if one == plural:
            return f"must be rate({rate[1]} {rate[2]}{'' if one else 's'})"
        return None
    if _AT.fullmatch(value):
        return None
    if cron := _CRON.fullmatch(value):
        return _cron(cron["fields"].split())
    return "must be cron(minutes hours day-of-month month day-of-week year), rate(12 hours) or at(2026-12-31T23:00:00)"


def _cron(fields: list[str]) -> str | None:
    if len(fields) != len(_CRON_FIELDS):
        return f"must have six fields in cron(...): {', '.join(_CRON_FIELDS)}; got {len(fields)}"
    for text, (name, (special, values)) in zip(fields, _CRON_FIELDS.items(), strict=True):
        value = "|".join(values)
        step = rf"(\*|({value})(-({value}))?)(/[1-9][0-9]{{0,3}})?"
        if not re.fullmatch(rf"{step}(,{step})*{special}", text.upper()):
            return f"must have {name} in its place in cron(...), as AWS writes it"
    if (fields[2] == "?") == (fields[4] == "?"):
        return "must have ? as either day of the month or day of the week in cron(...)"
    return None


def _timezone(name: str) -> str | None:
    known = available_timezones()
    # A machine without the time zone database knows none; AWS has the last word there.
    if (known and name not in known) or (not known and not re.fullmatch(r"[A-Za-z0-9_+/-]{1,50}", name)):
        return "must be a name of the time zone database, such as Europe/Berlin or UTC"
    return None


class Schedule(Section):
    """Times at which EventBridge Scheduler starts a build of `source.version`."""

    expression: Annotated[Text, Field(max_length=256), checked(_expression)] = Field(
        description="When: `cron(0 3 ? * MON-FRI *)`, `rate(12 hours)` or `at(2026-12-31T23:00:00)`"
    )
    timezone: Annotated[Text, checked(_timezone)] = Field(
        default="UTC", description="Time zone of `cron` and `at`, such as `Europe/Berlin`"
    )
    # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_FlexibleTimeWindow.html
    flexible_minutes: int = Field(
        default=15, ge=0, le=1440, description="Minutes over which AWS spreads the starts; 0 for the exact time"
    )
