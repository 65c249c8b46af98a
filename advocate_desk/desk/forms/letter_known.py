"""What the desk knows for a court letter before anybody types: facts from the file, and what stays out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from advocate_desk import settings
from advocate_desk.casework.settings import get
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.letter_secrets import secrets_of
from advocate_desk.desk.forms.logo import kept_logo
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.documents.disclosure import Secrets
from advocate_desk.documents.letter import Measure
from advocate_desk.documents.letter_template import LetterTemplate
from advocate_desk.documents.letterhead import Letterhead, Worker
from advocate_desk.domain.cases import word_for_accused
from advocate_desk.domain.consent import Consent, in_force
from advocate_desk.domain.contact import Channel, may_contact
from advocate_desk.domain.days import long_day
from advocate_desk.domain.disclosure import DisclosureRules
from advocate_desk.domain.identity import FileId
from advocate_desk.domain.reference import court_address
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.client_file import PersonLine
from advocate_desk.store.queries.justice import CaseLine, HearingDetail
from advocate_desk.store.queries.letter_facts import FileForLetter, file_for_letter

TEMPLATE = "letters/l_court.toml"
OPTED_OUT = "opted_out"

ROUTES = {
    "police": "a referral from the police",
    "marac": "a referral from a partner agency",
    "self": "a request for support from the client",
    "health": "a referral from a partner agency",
    "housing": "a referral from a housing service",
    "social_care": "a referral from a partner agency",
    "court": "a referral from the court or witness care",
    "other_idva": "a referral from another advocacy service",
    "prison_probation": "a referral from prison or probation",
    "voluntary": "a referral from a voluntary organisation",
    "workplace": "a referral from a partner agency",
    "education": "a referral from a partner agency",
}
"""How a referral source reads after "The service received": a Marac, a workplace, a school, a ward is never named."""

STANDINGS = {
    "requested": "asked of the police or witness care",
    "applied": "applied for by the prosecution",
    "granted": "granted",
    "refused": "refused so far",
    "varied": "granted in another form",
}
ACCUSED = {"the defendant": "defendant", "the offender": "convicted", "the suspect": "suspect"}

REQUESTS = {
    "bsl": "a British Sign Language interpreter is booked",
    "lip_reading": "a lipspeaker is booked",
    "hearing": "a hearing loop is ready",
    "large_print": "papers are given in large print",
    "screen_reader": "papers are given in a form that a screen reader can read",
    "easy_read": "papers are given in easy words",
    "reading_help": "somebody helps with reading and with forms",
    "step_free": "the entrance, the waiting room and the courtroom can be reached without steps",
    "learning_disability": "questions are asked in plain words, with time to answer",
    "neurodivergent": "changes are told in good time and there is a quiet place to wait",
    "memory": "what was agreed is sent to me in writing",
    "mental_health": "there can be breaks, and a quiet place to wait",
    "childcare": "the times of the day are known early, so that childcare can be arranged",
    "intermediary": "a registered intermediary is considered",
    "transport": "travel to court can be arranged and paid in advance",
}
"""What an access need asks of a court, in practical words that name no condition."""


@dataclass(frozen=True)
class Basis:
    """All that a letter of one file is made from, read once."""

    known: FileForLetter
    template: LetterTemplate
    rules: DisclosureRules
    letterhead: Letterhead
    worker: Worker
    today: date
    consents: Mapping[str, Consent]
    secrets: Secrets
    packs: Packs

    def consent(self, addressee_kind: str) -> Consent:
        """The consent that sharing with this kind of addressee rests on."""
        scope = next((rule.scope for rule in self.rules.addressee if rule.key == addressee_kind), "")
        return self.consents.get(scope, Consent("not_sought"))

    def hearing(self, about: str) -> HearingDetail | None:
        """The hearing that the letter is about."""
        found = _id_of(about, "hearing")
        return next((each for each in self.known.justice.hearings if each.hearing_id == found), None)

    def case(self, about: str) -> CaseLine | None:
        """The case that the letter is about, its hearing's or itself."""
        hearing = self.hearing(about)
        found = hearing.case_id if hearing else _id_of(about, "case")
        return next((each for each in self.known.justice.cases if each.case_id == found), None)

    def measures(self, about: str) -> dict[str, Measure]:
        """Every special measure in the letter's words, with where the hearing's request for it stands."""
        hearing = self.hearing(about)
        asked = (hearing.measures or {}) if hearing else {}
        return {
            each.key: Measure(each.label, each.section, STANDINGS.get(asked.get(each.key, ""), ""))
            for each in self.packs.special_measures().measure
        }


def read_basis(office: Office, file_id: FileId) -> Basis:
    """Read it, on the store's thread. Raises Refused when there is no such file."""
    known = office.work.read(file_for_letter, file_id)
    packs = office.packs
    head = settings.from_json(settings.Letterhead, get(office.work, settings.LETTERHEAD_KEY))
    person = settings.from_json(settings.WorkerDetails, get(office.work, settings.WORKER_KEY))
    address = tuple(line.strip() for line in head.address.splitlines() if line.strip())
    return Basis(
        known=known,
        template=packs.read(TEMPLATE, LetterTemplate),
        rules=packs.disclosure_rules(),
        letterhead=Letterhead(
            head.service_name,
            address,
            head.phone,
            head.email,
            head.website,
            small_print=head.small_print,
            logo=kept_logo(office.work),
        ),
        worker=Worker(**settings.to_json(replace(person, name=person.name or office.work.actor.name))),
        today=today_in_london(office.clock),
        consents=in_force(known.file.consents),
        secrets=secrets_of(known, person.name or office.work.actor.name, _of_courts(packs, known)),
        packs=packs,
    )


def _of_courts(packs: Packs, known: FileForLetter) -> tuple[str, ...]:
    """Names and addresses of the courts of its hearings: somebody may well live in their town or street."""
    found: list[str] = []
    for hearing in known.justice.hearings:
        found += [hearing.court_name, *court_lines(packs, hearing.court_code or hearing.court_name)]
    return tuple(dict.fromkeys(line for line in found if line))


# --- what is prefilled ------------------------------------------------------------------------------------------------


def first_about(basis: Basis, params: Mapping[str, Any]) -> str:
    """What the letter is about at first: the hearing it was opened for, the next one, the last, or the only case."""
    asked = f"hearing:{params.get('hearing_id')}"
    if basis.hearing(asked):
        return asked
    hearings = basis.known.justice.hearings
    ahead = [each for each in hearings if not each.outcome and each.hearing_on >= basis.today]
    chosen = ahead[0] if ahead else (hearings[-1] if hearings else None)
    if chosen is not None:
        return f"hearing:{chosen.hearing_id}"
    cases = basis.known.justice.cases
    return f"case:{cases[0].case_id}" if len(cases) == 1 else ""


def file_facts(basis: Basis) -> Values:
    """Facts that do not depend on the hearing."""
    file = basis.known.file
    route = ROUTES.get(file.referrals[-1].source, "") if file.referrals else ""
    return {
        "client_name": file.client.name if file.client else "",
        "supported_since": file.opened_on.isoformat() if file.opened_on else "",
        "referral_route": route,
        "contact_count": basis.known.contact_count or "",
        "practical_requests": practical_requests(basis),
    }


def about_facts(basis: Basis, about: str, addressee_kind: str) -> Values:
    """Facts of the hearing and case that the letter is about, and who it goes to; "" for those not known."""
    hearing, case = basis.hearing(about), basis.case(about)
    at = f"T{hearing.listed_time}" if hearing and hearing.listed_time else ""
    court = (hearing.court_code or hearing.court_name) if hearing else ""
    asked = (hearing.measures or {}) if hearing else {}
    return {
        "addressee": addressee_lines(basis, court, addressee_kind),
        "court_name": court,
        "urn": case.urn if case else "",
        "hearing": f"{hearing.hearing_on.isoformat()}{at or 'T'}" if hearing else "",
        "perpetrator_is": accused_is(basis, case),
        "defendant_name": defendant_name(basis, case),
        "measures": [key for key in basis.measures(about) if asked.get(key, OPTED_OUT) != OPTED_OUT],
        "availability": _availability(hearing),
    }


def addressee_lines(basis: Basis, court: str, addressee_kind: str) -> str:
    """Name and address as they stand on the letter, a line each."""
    if addressee_kind == "witness_care":
        return "Witness Care Unit"
    if addressee_kind == "cps":
        return "Crown Prosecution Service"
    lines = court_lines(basis.packs, court)
    return "\n".join(["The Court Manager", *lines]) if lines else ""


def court_lines(packs: Packs, court: str) -> list[str]:
    """Name and address of a court, by its key or as somebody typed it; none when there is none."""
    listed = packs.court(court)
    name = listed.name if listed else court
    place = court_address(listed).split(", ") if listed else []
    return [name, *_in_lines(place)] if name else []


def _in_lines(place: list[str]) -> list[str]:
    """An address in two lines, town and postcode on the second."""
    street, last = place[:-2], " ".join(place[-2:])
    return [line for line in (", ".join(street), last) if line]


def accused_is(basis: Basis, case: CaseLine | None) -> str:
    """The letter's word for the perpetrator by the stage of the case: suspect, defendant or convicted."""
    if case is None:
        return ""
    return ACCUSED[word_for_accused(basis.packs.case_stages(), case.stage)]


def defendant_name(basis: Basis, case: CaseLine | None) -> str:
    """Who the case is against: the perpetrator of its relationship, or the file's only one."""
    links = basis.known.file.relationships
    if case is not None and case.relationship_id is not None:
        return next((each.perpetrator_name for each in links if each.relationship_id == case.relationship_id), "")
    names = [each.name for each in basis.known.file.people if each.role == "perpetrator"]
    return names[0] if len(names) == 1 else ""


def practical_requests(basis: Basis) -> str:
    """What the client's access needs ask of a court, a line each, in words that name no condition."""
    found = [_interpreter(basis, basis.known.file.client)]
    found += [REQUESTS.get(need.kind, "") for need in basis.known.file.needs]
    lines = list(dict.fromkeys(line for line in found if line))
    return "\n".join(f"{line}{'.' if line is lines[-1] else ';'}" for line in lines)


def _interpreter(basis: Basis, client: PersonLine | None) -> str:
    is_needed = any(need.kind == "interpreter" for need in basis.known.file.needs)
    if client is None or not (is_needed or client.needs_interpreter):
        return ""
    language = basis.packs.label("language", client.language) if client.language else ""
    return f"an interpreter is booked ({language})" if language else "an interpreter is booked"


def _availability(hearing: HearingDetail | None) -> str:
    if hearing is None or "idva" not in (hearing.attends or ()):
        return ""
    return f"I will be at court on {long_day(hearing.hearing_on)}."


def _id_of(about: str, kind: str) -> UUID | None:
    start, _, given = about.partition(":")
    try:
        return UUID(given) if start == kind else None
    except ValueError:
        return None


def copy_cautions(basis: Basis, at: Any) -> str:  # noqa: ANN401 - a naive London moment
    """What to mind before the client herself is given a copy; "" when post and email are safe or she has neither."""
    alerts = {each.kind for each in basis.known.file.banner.alerts}
    unsafe = [
        word
        for kind, channel, word in (("post", Channel.POST, "by post"), ("email", Channel.EMAIL, "by email"))
        for each in basis.known.contacts
        if each.person_role == "client" and each.method.kind == kind
        if not may_contact(each.method, channel, at, alerts).allowed
    ]
    if not unsafe:
        return ""
    return f"Do not send the client a copy {' or '.join(dict.fromkeys(unsafe))}: it is not known to be safe."
