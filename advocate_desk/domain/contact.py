"""Safe contact: whether the client may be reached this way, now, and when next.

Nothing is safe until somebody has said so: "unknown" is refused with its reason, like "no".
Times are London wall times, naive, because "after nine" means nine on her kitchen clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from advocate_desk.domain.facts import short_day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ONE_DAY = timedelta(days=1)


class Channel(StrEnum):
    """A way of reaching somebody. Keys of the choice list contact_channel."""

    PHONE = "phone"
    TEXT = "text"
    VOICEMAIL = "voicemail"
    EMAIL = "email"
    POST = "post"
    MESSAGING = "messaging"
    VIDEO = "video"
    VIA_PERSON = "via_person"
    VISIT = "visit"


CHANNEL_WORDS = {
    Channel.PHONE: "calling",
    Channel.TEXT: "texting",
    Channel.VOICEMAIL: "leaving a voicemail",
    Channel.EMAIL: "emailing",
    Channel.POST: "writing by post",
    Channel.MESSAGING: "messaging",
    Channel.VIDEO: "a video call",
    Channel.VIA_PERSON: "contact through another person",
    Channel.VISIT: "a visit",
}
CHANNELS_OF = {
    "mobile": (Channel.PHONE, Channel.TEXT, Channel.VOICEMAIL),
    "landline": (Channel.PHONE, Channel.VOICEMAIL),
    "email": (Channel.EMAIL,),
    "post": (Channel.POST, Channel.VISIT),
    "messaging": (Channel.MESSAGING,),
    "via_person": (Channel.VIA_PERSON,),
    "video": (Channel.VIDEO,),
}
"""Channels of each kind of contact method (keys of contact_kind), the one that `is_safe` speaks of first."""


PHONE_KINDS = ("mobile", "landline")
NOT_TO_CONTACT = "There is an alert on this file: do not contact."


@dataclass(frozen=True, slots=True)
class SafeHours:
    """A span of each chosen day. `until` before `start` runs past midnight and belongs to the day it began on.

    `days` holds 0 (Monday) to 6; empty means every day. `until` None is midnight. Raises ValueError for an empty span.
    """

    start: time = time(0, 0)
    until: time | None = None
    days: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.until == self.start:
            raise ValueError("the span is empty")

    def holds(self, at: datetime) -> bool:
        """True if `at` (local, naive) lies inside; the start is inside, the end is not."""
        clock = at.time()
        if self.until is None or self.start < self.until:
            return self._on(at.date()) and self.start <= clock and (self.until is None or clock < self.until)
        began_today = self._on(at.date()) and clock >= self.start
        return began_today or (self._on(at.date() - ONE_DAY) and clock < self.until)

    def _on(self, day: date) -> bool:
        return not self.days or day.weekday() in self.days


def next_safe_moment(hours: SafeHours, after: datetime) -> datetime:
    """First moment at or after `after` (local, naive) inside `hours`, which may run past midnight."""
    if hours.holds(after):
        return after
    for ahead in range(8):
        day = after.date() + ahead * ONE_DAY
        opens = datetime.combine(day, hours.start)
        if opens >= after and hours.holds(opens):
            return opens
    raise AssertionError("a span that is not empty opens within a week")


@dataclass(frozen=True, slots=True)
class ContactMethod:
    """One number or address of a person, and what is safe about it.

    `is_safe`, `may_text` and `may_leave_voicemail` are "yes", "no" or "unknown" (also ""). `is_safe` speaks of the
    method's first channel; a "no" there forbids every other.
    """

    kind: str
    value: str = ""
    is_safe: str = "unknown"
    may_text: str = "unknown"
    may_leave_voicemail: str = "unknown"
    hours: SafeHours | None = None
    code_word: str = ""
    who_may_answer: str = ""
    is_device_shared: bool = False
    do_not_contact_before: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether this contact is safe now. `reasons` says why not; `cautions` what to mind if it is made.

    `next_safe_at` is the next moment that the hours allow, when only the hours forbid it.
    """

    allowed: bool
    reasons: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    code_word: str = ""
    next_safe_at: datetime | None = None


def read_hours(start_text: str, until_text: str, days: Iterable[str]) -> SafeHours | None:
    """Hours from what a form stores: "09:00", "15:00" and keys of the list weekday. None when nothing was said.

    Raises ValueError for a text that is no time and for an empty span.
    """
    chosen = frozenset(WEEKDAYS.index(day) for day in days)
    if not start_text and not until_text and not chosen:
        return None
    start = _wall_time(start_text) if start_text else time(0, 0)
    until = _wall_time(until_text) if until_text else None
    return SafeHours(start, None if until == time(0, 0) else until, chosen)


def _wall_time(text: str) -> time:
    """A time of day that names no zone. Raises ValueError."""
    read = time.fromisoformat(text)
    if read.tzinfo is not None:
        raise ValueError("safe times are told by the clock on her wall")
    return read


def channels_of(method: ContactMethod) -> tuple[Channel, ...]:
    """The ways that this method can be used."""
    return CHANNELS_OF.get(method.kind, ())


def covered(kind: str, value: str) -> str:
    """The value as it stands before somebody asks for it: enough to tell two numbers apart, too little to dial."""
    if kind in PHONE_KINDS and len(value) > 6:
        return f"••••• ••• {value[-3:]}"
    return "••••••••"


def channel_answer(method: ContactMethod, channel: Channel) -> str:
    """Answer "yes", "no" or "unknown" for `channel`. A method that is not safe at all is safe in no way."""
    if method.is_safe == "no":
        return "no"
    said = {
        Channel.TEXT: method.may_text,
        Channel.VOICEMAIL: method.may_leave_voicemail,
        Channel.VISIT: "unknown",
    }.get(channel, method.is_safe)
    return said if said in ("yes", "no") else "unknown"


def may_contact(method: ContactMethod, channel: Channel, at: datetime, alerts: Collection[str] = ()) -> Verdict:
    """Whether `channel` of `method` may be used at `at` (local, naive), given the file's live `alerts` (their kinds).

    Never allowed in silence: only a "yes" for this very channel allows it. Post keeps no hours.
    """
    reasons = list(_refusals(method, channel, at, alerts))
    next_safe_at = None
    if not reasons and channel is not Channel.POST and method.hours and not method.hours.holds(at):
        next_safe_at = next_safe_moment(method.hours, at)
        reasons.append(f"It is outside the safe times ({hours_words(method.hours)}).")
    return Verdict(not reasons, tuple(reasons), _cautions(method, channel), method.code_word, next_safe_at)


def may_contact_otherwise(alerts: Collection[str] = ()) -> Verdict:
    """Whether a way that is not recorded may be used, which no rule speaks of but the file's live `alerts`."""
    reasons = (NOT_TO_CONTACT,) if "do_not_contact" in alerts else ()
    return Verdict(not reasons, reasons)


def may_see_place(alerts: Collection[str] = ()) -> Verdict:
    """Whether the place where somebody stays may be shown at once, given the file's live `alerts`."""
    cautions = ("The address is confidential: say and write it nowhere.",) if "address_confidential" in alerts else ()
    return replace(may_contact_otherwise(alerts), cautions=cautions)


def may_give_paper(alerts: Collection[str], kept_where: str | None = None) -> Verdict:
    """Whether a paper may be made for the client, given the file's live `alerts`.

    `kept_where` is the safe place that she named for it, "" when none is recorded, None when the paper asks for none.
    """
    reasons = may_contact_otherwise(alerts).reasons
    if kept_where is not None and not kept_where.strip():
        reasons += ("No safe place for paper is recorded.",)
    return Verdict(not reasons, reasons)


def next_safe_call(method: ContactMethod, after: datetime, channel: Channel = Channel.PHONE) -> datetime | None:
    """First moment at or after `after` (local, naive) when `channel` may be used; None when it is not safe at all."""
    if channel not in channels_of(method) or channel_answer(method, channel) != "yes":
        return None
    if method.do_not_contact_before and method.do_not_contact_before > after.date():
        after = datetime.combine(method.do_not_contact_before, time(0, 0))
    return next_safe_moment(method.hours, after) if method.hours and channel is not Channel.POST else after


def _refusals(method: ContactMethod, channel: Channel, at: datetime, alerts: Collection[str]) -> Iterable[str]:
    words = CHANNEL_WORDS[channel]
    if "do_not_contact" in alerts:
        yield NOT_TO_CONTACT
    if channel not in channels_of(method):
        yield f"This contact method is not one for {words}."
        return
    answer = channel_answer(method, channel)
    if answer == "no":
        yield f"The client has said that {words} is not safe here."
    elif answer == "unknown":
        yield f"Nobody has recorded that {words} is safe here."
    if method.do_not_contact_before and at.date() < method.do_not_contact_before:
        yield f"Not to be contacted before {short_day(method.do_not_contact_before, at.date())}."


def _cautions(method: ContactMethod, channel: Channel) -> tuple[str, ...]:
    found = []
    if method.code_word and channel in (Channel.PHONE, Channel.VIDEO, Channel.VIA_PERSON):
        found.append("Use the code word first.")
    if method.who_may_answer and channel in (Channel.PHONE, Channel.VOICEMAIL, Channel.VIA_PERSON):
        found.append("Somebody else may answer: see who.")
    if method.is_device_shared:
        found.append("The device or account is shared: say and write nothing that names the service.")
    if method.hours is None and channel is not Channel.POST:
        found.append("No safe times are recorded: ask for them.")
    return tuple(found)


def hours_words(hours: SafeHours) -> str:
    """Words such as "Mon–Fri 9:00–15:00", "Sat, Sun from 10:00", "any day 22:00–2:00 next day"."""
    days = days_words(hours.days)
    start, until = _clock_words(hours.start), _clock_words(hours.until) if hours.until else ""
    if not until:
        return days if hours.start == time(0, 0) else f"{days} from {start}"
    overnight = " next day" if hours.until and hours.until < hours.start else ""
    return f"{days} {start}–{until}{overnight}"


def days_words(days: Collection[int]) -> str:
    """Words such as "Mon–Fri", "Tue, Thu", "Mon–Wed, Sat", or "any day" for none or all seven."""
    if not days or len(set(days)) == 7:
        return "any day"
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run_words(run) for run in runs)


def _run_words(run: Sequence[int]) -> str:
    if len(run) > 2:
        return f"{WEEKDAY_NAMES[run[0]]}–{WEEKDAY_NAMES[run[-1]]}"
    return ", ".join(WEEKDAY_NAMES[day] for day in run)


def _clock_words(at: time) -> str:
    return f"{at.hour}:{at.minute:02d}"


@dataclass(frozen=True, slots=True)
class BannerPart:
    """A piece of the banner. `is_private` text (a number, an address) is covered when the desk hides."""

    text: str
    is_private: bool = False


def banner(methods: Sequence[ContactMethod], today: date, alerts: Collection[str] = ()) -> tuple[BannerPart, ...]:
    """How to reach the client safely, in parts: "Call", the number, "Mon–Fri 9:00–15:00", "never text"."""
    if "do_not_contact" in alerts:
        return (BannerPart("Do not contact: see alerts"),)
    way = banner_way(methods)
    if way is None:
        return (BannerPart("No safe way of contact is recorded" if methods else "No way to reach her is recorded"),)
    return tuple(_banner_parts(methods[way[0]], way[1], today))


def banner_way(methods: Sequence[ContactMethod]) -> tuple[int, Channel] | None:
    """Which method the banner shows, by its index, and for which channel; None when no way is known to be safe.

    The first that may be called goes before every other; of those, the first whose own channel or texts are safe.
    """
    ways = [(index, channel) for index, method in enumerate(methods) for channel in _known_safe(method)]
    return next((way for way in ways if way[1] is Channel.PHONE), ways[0] if ways else None)


def _known_safe(method: ContactMethod) -> list[Channel]:
    """The channels that a banner may name: the method's own and texts, where somebody has said that they are safe."""
    named = (*channels_of(method)[:1], Channel.TEXT)
    return [each for each in named if each in channels_of(method) and channel_answer(method, each) == "yes"]


BANNER_VERBS = {
    "mobile": "Call",
    "landline": "Call",
    "email": "Email",
    "post": "Write",
    "messaging": "Message",
    "via_person": "Through",
    "video": "Video call",
}


def _banner_parts(method: ContactMethod, channel: Channel, today: date) -> Iterable[BannerPart]:
    yield BannerPart("Text only" if channel is Channel.TEXT else BANNER_VERBS.get(method.kind, "Contact"))
    if method.value:
        yield BannerPart(method.value, is_private=True)
    yield BannerPart(hours_words(method.hours) if method.hours else "no times recorded")
    if method.do_not_contact_before and method.do_not_contact_before > today:
        yield BannerPart(f"not before {short_day(method.do_not_contact_before, today)}")
    if method.code_word:
        yield BannerPart("code word set")
    if Channel.TEXT in channels_of(method) and channel_answer(method, Channel.TEXT) != "yes":
        yield BannerPart("never text" if method.may_text == "no" else "texts not known to be safe")
    if Channel.VOICEMAIL in channels_of(method) and channel_answer(method, Channel.VOICEMAIL) != "yes":
        yield BannerPart("no voicemail")
    if method.is_device_shared:
        yield BannerPart("shared device")
