"""Safe contact: nothing is safe until somebody said so, and the hours may run past midnight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.contact import (
    BannerPart,
    Channel,
    ContactMethod,
    SafeHours,
    banner,
    banner_way,
    channel_answer,
    channels_of,
    covered,
    days_words,
    hours_words,
    may_contact,
    may_contact_otherwise,
    may_give_paper,
    may_see_place,
    next_safe_call,
    next_safe_moment,
    read_hours,
)

SATURDAY = datetime(2026, 11, 21, 10, 0)
MONDAY = datetime(2026, 11, 23, 10, 0)
SCHOOL_RUN = SafeHours(time(9, 0), time(15, 0), frozenset(range(5)))
MOBILE = ContactMethod(kind="mobile", value="07700 900123", is_safe="yes", hours=SCHOOL_RUN)
TIMES = st.times().map(lambda at: at.replace(microsecond=0))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))


@st.composite
def hours(draw: st.DrawFn) -> SafeHours:
    start = draw(TIMES)
    until = draw(st.none() | TIMES.filter(lambda at: at != start))
    return SafeHours(start, until, draw(st.frozensets(st.integers(0, 6))))


def test_a_call_inside_the_safe_times_is_allowed() -> None:
    verdict = may_contact(MOBILE, Channel.PHONE, MONDAY)
    assert verdict.allowed
    assert verdict.reasons == ()


def test_a_call_outside_them_is_refused_and_says_when_next() -> None:
    verdict = may_contact(MOBILE, Channel.PHONE, SATURDAY)
    assert not verdict.allowed
    assert verdict.reasons == ("It is outside the safe times (Mon–Fri 9:00–15:00).",)
    assert verdict.next_safe_at == datetime(2026, 11, 23, 9, 0)


@pytest.mark.parametrize("said", ["unknown", "", "no", "perhaps"])
@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.VOICEMAIL])
def test_a_text_or_voicemail_needs_its_own_yes(said: str, channel: Channel) -> None:
    method = replace(MOBILE, may_text=said, may_leave_voicemail=said)
    verdict = may_contact(method, channel, MONDAY)
    assert not verdict.allowed
    assert len(verdict.reasons) == 1


def test_no_and_not_known_are_refused_in_different_words() -> None:
    never = may_contact(replace(MOBILE, may_text="no"), Channel.TEXT, MONDAY)
    unknown = may_contact(MOBILE, Channel.TEXT, MONDAY)
    assert never.reasons == ("The client has said that texting is not safe here.",)
    assert unknown.reasons == ("Nobody has recorded that texting is safe here.",)


def test_a_number_that_is_not_safe_is_safe_in_no_way() -> None:
    method = replace(MOBILE, is_safe="no", may_text="yes", may_leave_voicemail="yes")
    assert [may_contact(method, channel, MONDAY).allowed for channel in channels_of(method)] == [False] * 3


def test_texts_may_be_safe_where_calls_are_not_known_to_be() -> None:
    method = replace(MOBILE, is_safe="unknown", may_text="yes")
    assert may_contact(method, Channel.TEXT, MONDAY).allowed
    assert not may_contact(method, Channel.PHONE, MONDAY).allowed


def test_an_address_that_is_safe_for_letters_is_not_safe_for_visits() -> None:
    home = ContactMethod(kind="post", value="1 Example Street", is_safe="yes")
    assert may_contact(home, Channel.POST, SATURDAY).allowed
    assert not may_contact(home, Channel.VISIT, SATURDAY).allowed


def test_a_letter_keeps_no_hours() -> None:
    home = ContactMethod(kind="post", is_safe="yes", hours=SCHOOL_RUN)
    assert may_contact(home, Channel.POST, SATURDAY).allowed


def test_the_alert_forbids_every_contact() -> None:
    verdict = may_contact(MOBILE, Channel.PHONE, MONDAY, alerts=("do_not_contact",))
    assert verdict.reasons == ("There is an alert on this file: do not contact.",)


def test_not_before_a_day_is_refused_until_that_day() -> None:
    method = replace(MOBILE, do_not_contact_before=date(2026, 12, 1))
    assert may_contact(method, Channel.PHONE, MONDAY).reasons == ("Not to be contacted before 1 Dec.",)
    assert may_contact(method, Channel.PHONE, datetime(2026, 12, 1, 9, 0)).allowed
    assert next_safe_call(method, MONDAY) == datetime(2026, 12, 1, 9, 0)


def test_a_channel_that_the_method_does_not_have_is_refused() -> None:
    assert not may_contact(MOBILE, Channel.EMAIL, MONDAY).allowed
    assert not may_contact(replace(MOBILE, kind="pager"), Channel.PHONE, MONDAY).allowed


def test_the_verdict_brings_the_code_word_and_what_to_mind() -> None:
    method = replace(MOBILE, code_word="bluebell", is_device_shared=True, who_may_answer="her sister", hours=None)
    verdict = may_contact(method, Channel.PHONE, MONDAY)
    assert verdict.code_word == "bluebell"
    assert [caution.split()[0] for caution in verdict.cautions] == ["Use", "Somebody", "The", "No"]
    assert not any("bluebell" in caution or "sister" in caution for caution in verdict.cautions)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-11-20T23:30", "2026-11-20T23:30"),  # Friday night, inside
        ("2026-11-21T01:59", "2026-11-21T01:59"),  # Saturday morning belongs to Friday's span
        ("2026-11-21T02:00", "2026-11-27T22:00"),
        ("2026-11-20T09:00", "2026-11-20T22:00"),
    ],
)
def test_a_span_past_midnight_belongs_to_the_day_it_began(after: str, expected: str) -> None:
    night = SafeHours(time(22, 0), time(2, 0), frozenset({4}))
    assert next_safe_moment(night, datetime.fromisoformat(after)) == datetime.fromisoformat(expected)


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        SafeHours(time(9, 0), time(9, 0))


@given(span=hours(), after=MOMENTS)
def test_the_next_safe_moment_is_safe_soon_and_not_before(span: SafeHours, after: datetime) -> None:
    found = next_safe_moment(span, after)
    assert span.holds(found)
    assert timedelta(0) <= found - after <= timedelta(days=8)


@given(span=hours(), after=MOMENTS, wait=st.timedeltas(timedelta(0), timedelta(days=8)))
def test_nothing_before_the_next_safe_moment_is_safe(span: SafeHours, after: datetime, wait: timedelta) -> None:
    found = next_safe_moment(span, after)
    assert not (after + wait < found and span.holds(after + wait))


@given(
    kind=st.sampled_from(["mobile", "landline", "email", "post", "messaging", "via_person", "video", "", "other"]),
    answers=st.tuples(*[st.sampled_from(["yes", "no", "unknown", ""])] * 3),
    channel=st.sampled_from(Channel),
    at=MOMENTS,
    span=st.none() | hours(),
)
def test_nothing_is_ever_allowed_without_a_yes_and_always_refused_with_a_reason(
    kind: str, answers: tuple[str, str, str], channel: Channel, at: datetime, span: SafeHours | None
) -> None:
    method = ContactMethod(kind, "", *answers, hours=span)
    verdict = may_contact(method, channel, at)
    if verdict.allowed:
        assert channel in channels_of(method)
        assert channel_answer(method, channel) == "yes"
    assert verdict.allowed == (not verdict.reasons)


def test_hours_are_read_as_a_form_stores_them() -> None:
    assert read_hours("", "", ()) is None
    assert read_hours("09:00", "15:00", ("mon", "tue")) == SafeHours(time(9), time(15), frozenset({0, 1}))
    assert read_hours("", "", ("sun",)) == SafeHours(days=frozenset({6}))
    assert read_hours("18:00", "00:00", ()) == SafeHours(time(18))
    with pytest.raises(ValueError, match="isoformat"):
        read_hours("nine", "", ())


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (SCHOOL_RUN, "Mon–Fri 9:00–15:00"),
        (SafeHours(time(22), time(2)), "any day 22:00–2:00 next day"),
        (SafeHours(time(18), days=frozenset({1, 3})), "Tue, Thu from 18:00"),
        (SafeHours(days=frozenset({5, 6})), "Sat, Sun"),
    ],
)
def test_hours_are_said_shortly(span: SafeHours, words: str) -> None:
    assert hours_words(span) == words


def test_days_that_follow_each_other_are_said_as_one() -> None:
    assert days_words({0, 1, 2, 5}) == "Mon–Wed, Sat"
    assert days_words(range(7)) == "any day"


def test_the_banner_says_how_to_reach_her_with_the_number_apart() -> None:
    method = replace(MOBILE, may_text="no", code_word="bluebell")
    parts = banner([method], MONDAY.date())
    assert [part.text for part in parts] == [
        "Call",
        "07700 900123",
        "Mon–Fri 9:00–15:00",
        "code word set",
        "never text",
        "no voicemail",
    ]
    assert [part.text for part in parts if part.is_private] == ["07700 900123"]


def test_the_banner_never_shows_a_number_that_is_not_safe() -> None:
    unsafe = replace(MOBILE, is_safe="unknown")
    assert banner([unsafe], MONDAY.date()) == (BannerPart("No safe way of contact is recorded"),)
    assert banner([], MONDAY.date()) == (BannerPart("No way to reach her is recorded"),)
    assert banner([MOBILE], MONDAY.date(), ("do_not_contact",)) == (BannerPart("Do not contact: see alerts"),)


def test_the_banner_takes_the_first_number_that_may_be_called() -> None:
    email = ContactMethod(kind="email", value="a@example.org", is_safe="yes")
    assert banner([email, MOBILE], MONDAY.date())[1].text == "07700 900123"
    assert banner([email], MONDAY.date())[0].text == "Email"


def test_the_banner_never_offers_texts_to_a_number_that_is_not_safe() -> None:
    unsafe = replace(MOBILE, is_safe="no", may_text="yes")
    email = ContactMethod(kind="email", value="a@example.org", is_safe="yes")
    assert banner([unsafe], MONDAY.date()) == (BannerPart("No safe way of contact is recorded"),)
    assert banner([unsafe, email], MONDAY.date())[1].text == "a@example.org"


def test_the_banner_knows_which_way_it_shows() -> None:
    text_only = replace(MOBILE, is_safe="unknown", may_text="yes")
    assert banner_way([text_only]) == (0, Channel.TEXT)
    assert banner_way([text_only, MOBILE]) == (1, Channel.PHONE)
    assert banner_way([replace(MOBILE, is_safe="no")]) is None


def test_what_is_covered_tells_two_numbers_apart_and_no_more() -> None:
    assert covered("mobile", "07700 900123") == "••••• ••• 123"
    assert covered("mobile", "900123") == covered("post", "12 Invented Row") == "••••••••"


def test_an_alert_not_to_contact_stands_before_ways_places_and_papers() -> None:
    for said in (may_contact_otherwise, may_see_place, may_give_paper):
        assert said(()).allowed
        assert said(("do_not_contact",)).reasons == ("There is an alert on this file: do not contact.",)
    assert may_see_place(("address_confidential",)).cautions


def test_a_paper_without_a_safe_place_is_not_safe() -> None:
    assert may_give_paper((), "In her desk at work").allowed
    assert may_give_paper((), " ").reasons == ("No safe place for paper is recorded.",)
