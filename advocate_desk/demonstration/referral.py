"""The referral with which a file of the demonstration begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from advocate_desk.casework.intake import AlertDetails, ConsentDetails, Intake, NeedDetails, ReferralDetails
from advocate_desk.casework.people import ContactDetails, PersonDetails, RelationshipDetails
from advocate_desk.clock import in_london
from advocate_desk.demonstration.people import Cast
from advocate_desk.demonstration.plot import Plot

SOURCES = ("police", "police", "police", "health", "marac", "self", "housing", "social_care", "court", "voluntary")
SITES = {"health": "Exampleford General", "police": "Sampleton Police Station", "court": "Sampleton Law Courts"}
SETTINGS = {"health": "hospital", "police": "police", "court": "court", "housing": "housing"}


def intake(plot: Plot, cast: Cast, received: datetime, chance: Random) -> Intake:
    """What the referral of this file said, which came at `received` (aware)."""
    number, source = plot.number, SOURCES[plot.number % len(SOURCES)]
    client = cast.client[number % len(cast.client)]
    him = cast.perpetrator[number % len(cast.perpetrator)]
    town = cast.town[number % len(cast.town)]
    child = cast.child[number % len(cast.child)]
    day = in_london(received).date()
    return Intake(
        referral=ReferralDetails(
            source=source,
            received_at=received,
            referrer_name=chance.choice(cast.officer).name if source == "police" else "Duty worker, Example",
            referrer_contact="01632 960 100",
            sender_reference=f"EX/{4000 + number}",
            incident_on=day - timedelta(days=1),
            incident_summary="Invented for the demonstration: an argument, a push, a neighbour who called.",
            risk_at_referral=plot.grade,
            crime_ref=f"EX{100200 + number * 7}/26" if source == "police" else "",
            location_status=chance.choice(("left", "relative", "with_perpetrator", "temporary")),
            setting=SETTINGS.get(source, "community"),
            site=SITES.get(source, ""),
        ),
        client=PersonDetails(
            "client",
            client.given,
            client.family,
            born_on=date(1968 + number * 7 % 36, 1 + number % 12, 1 + number * 5 % 27),
            gender="woman" if number % 9 else "man",
            language=client.language,
            needs_interpreter=client.language not in ("english", "welsh"),
        ),
        perpetrator=PersonDetails(
            "perpetrator", him.given, him.family, born_on=date(1964 + number * 5 % 38, 1 + number % 12, 11)
        ),
        relationship=RelationshipDetails(
            kind=chance.choice(("spouse", "partner", "partner_apart", "co_parent")),
            status=chance.choice(("separated", "separating", "together", "on_and_off")),
            separated_on=day - timedelta(days=20) if number % 3 else None,
        ),
        children=(PersonDetails("child", child.given, child.family, born_on=date(2016 + number % 8, 5, 14)),)
        if number % 2
        else (),
        contacts=_contacts(number, town.name, town.postcode),
        alerts=_alerts(number),
        consents=(
            ConsentDetails("service", "given", day, "phone"),
            ConsentDetails("share_court", "given" if number % 4 else "refused", day, "phone"),
            ConsentDetails("share_police", "given", day, "phone"),
        ),
        access_needs=(NeedDetails("interpreter", "For every call and meeting"),)
        if client.language not in ("english", "welsh")
        else ((NeedDetails("childcare", "Court days"),) if number % 5 == 0 else ()),
        allocated_to=plot.allocated_to,
        is_restricted=number == 17,
    )


def _contacts(number: int, town: str, postcode: str) -> tuple[ContactDetails, ...]:
    mobile = ContactDetails(
        "mobile",
        f"07700 900{number:03d}",
        is_safe="unknown" if number % 11 == 3 else "yes",
        may_text="yes" if number % 3 == 0 else "no",
        may_leave_voicemail="no",
        safe_from="09:00" if number % 2 else "",
        safe_until="15:00" if number % 2 else "",
        safe_days=("mon", "tue", "wed", "thu", "fri") if number % 2 else (),
        code_word="library book" if number % 4 == 1 else "",
        who_may_answer="Her sister" if number % 6 == 0 else "",
        fact_source="client",
        fact_state="confirmed",
    )
    home = ContactDetails(
        "post",
        f"{1 + number} Example Street, {town}, {postcode}",
        is_safe="no",
        note="He has keys." if number % 3 == 0 else "",
        fact_source="police",
        fact_state="heard",
    )
    return (mobile, home) if number % 7 else (mobile,)


def _alerts(number: int) -> tuple[AlertDetails, ...]:
    found = []
    if number % 5 == 0:
        found.append(AlertDetails("strangulation", "Told at referral", fact_source="police", fact_state="heard"))
    if number % 7 == 2:
        found.append(AlertDetails("weapons", "Said to keep a bat in the car", fact_source="client", fact_state="heard"))
    if number % 13 == 5:
        found.append(AlertDetails("tracked_device", "Phone may be shared or watched", fact_source="client"))
    return tuple(found)
