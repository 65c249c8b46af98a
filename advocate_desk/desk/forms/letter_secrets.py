"""What of a file stays out of a letter's texts: addresses, numbers, places, workplaces, schools, others' names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from advocate_desk.documents.disclosure import Secrets
from advocate_desk.documents.mentions import STREET_WORDS, words_of
from advocate_desk.store.queries.client_file import PersonLine
from advocate_desk.store.queries.letter_facts import FileForLetter

_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_PLACE_OF_LEARNING = re.compile(
    r"(?:[A-Z][\w’'.-]*\s+){1,5}(?:School|Academy|Primary|Nursery|College|University|Preschool)"
)
_NUMBERED = re.compile(r"\b\d+[a-z]?\s+(\w.*)", re.IGNORECASE)
_AT_WORK = re.compile(r"\s+(?:at|for|with)\s+|[,;\n]")
_PHONES = frozenset({"mobile", "landline", "messaging", "video"})
_NOT_HERS = frozenset({"perpetrator", "associate", "professional"})
_NAMED = frozenset({"child", "at_risk", "supporter", "witness", "associate"})


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ORDINARY_WORDS = _words(
    "a an and at away by for from her here his home house in local my near not of on our out own parents parent "
    "mother father mum mam dad sister brother aunt uncle cousin grandmother grandfather nan family friend friends "
    "relative relatives neighbour neighbours staying stays still the their there to town city village with work "
    "same flat room currently living lives address known unknown safe secret temporary accommodation hotel hostel "
    "refuge "
)
"""A place that is told in these words alone could be anybody's: it is pointed out, not refused."""

_JOBS = _words(
    "accountant adviser advisor apprentice assistant baker builder carer cashier chef cleaner clerk consultant "
    "cook doctor driver employed engineer farmer hairdresser home housewife labourer lawyer lecturer manager "
    "mechanic mother midwife nurse officer operative operator painter parent pupil receptionist retired secretary "
    "seeker self shop solicitor student supervisor teacher technician therapist trainee tutor unemployed waiter "
    "waitress worker "
)
_NAMES_THAT_ARE_WORDS = _words(
    "april art august bill carol chance charity chuck daisy dawn day faith flora frank grace grant guy heather "
    "holly hope iris ivy jack joy june junior lee lily major mark may melody mercy miles miracle mo nick olive "
    "patience penny precious prince ray rich robin rose ruby rusty sky sonny star storm summer sunny van victor "
    "victory will wing "
)


def secrets_of(known: FileForLetter, worker_name: str, apart_from: Collection[str] = ()) -> Secrets:
    """What may not stand in a letter's texts, and what is pointed out; `apart_from`: a court's own name."""
    return Secrets(kept_out(known, worker_name), pointed_out(known, worker_name), apart_from)


def kept_out(known: FileForLetter, worker_name: str = "") -> dict[str, tuple[str, ...]]:
    """What may stand in no text of a court letter, by what it is called."""
    methods = [each.method for each in known.contacts if each.person_role not in _NOT_HERS and each.method.value]
    people = [each for each in known.file.people if each.role not in _NOT_HERS]
    names = _names(known, worker_name)
    found = {
        "home address": [part for each in methods if each.kind == "post" for part in address_parts(each.value)],
        "phone number": [_subscriber(each.value) for each in methods if each.kind in _PHONES],
        "email address": [each.value for each in methods if each.kind == "email"],
        "place where someone stays": [
            part for each in people for part in place_parts(each.whereabouts) if not _is_ordinary(part)
        ],
        "workplace": [part for each in people for part in work_parts(each.occupation) if _is_workplace(part)],
        "school": [name for each in people for name in schools_in(f"{each.note}\n{each.whereabouts}")],
        "name of a child": [name for role, name in names if role == "child" and not _is_word(name)],
        "name of somebody else": [name for role, name in names if role != "child" and not _is_word(name)],
    }
    return {name: tuple(text for text in texts if text.strip()) for name, texts in found.items()}


def pointed_out(known: FileForLetter, worker_name: str = "") -> dict[str, tuple[str, ...]]:
    """What a letter's texts seldom need to say, and may: words that are also ordinary, and the perpetrator's name."""
    people = [each for each in known.file.people if each.role not in _NOT_HERS]
    accused = [each for each in known.file.people if each.role == "perpetrator"]
    found = {
        "place where someone stays": [
            part for each in people for part in place_parts(each.whereabouts) if _is_ordinary(part)
        ],
        "work that someone does": [
            part for each in people for part in work_parts(each.occupation) if not _is_workplace(part)
        ],
        "name of somebody else": [name for _role, name in _names(known, worker_name) if _is_word(name)],
        "perpetrator’s name": [name for each in accused for name in _names_of(each) if not _is_word(name)],
    }
    return {name: tuple(text for text in texts if text.strip()) for name, texts in found.items()}


def address_parts(address: str) -> list[str]:
    """The parts of an address that give it away alone: lines with a number, the first, the street, the postcode.

    Not a town, and no single word.
    """
    lines = [line.strip() for line in re.split(r"[,\n]", address) if line.strip()]
    telling = [line for place, line in enumerate(lines) if not place or any(c.isdigit() for c in line)]
    streets = [street for line in lines for street in _streets(line)]
    return [part for part in (*telling, *streets) if _is_telling(part)] + _POSTCODE.findall(address)


def place_parts(place: str) -> list[str]:
    """The parts of a text on where somebody stays that give it away: all but a single word, which may be a town."""
    lines = [line.strip() for line in re.split(r"[,;\n]", place) if line.strip()]
    streets = [street for line in lines for street in _streets(line)]
    found = dict.fromkeys(part for part in (place.strip(), *lines, *streets) if _is_telling(part))
    return [*found, *_POSTCODE.findall(place)]


def work_parts(occupation: str) -> list[str]:
    """What somebody does, and where: the whole, and each part of it."""
    whole = occupation.strip()
    return list(dict.fromkeys([whole, *(part.strip() for part in _AT_WORK.split(whole) if part.strip())]))


def schools_in(text: str) -> list[str]:
    """Names of schools and nurseries in a note."""
    return [found.strip() for found in _PLACE_OF_LEARNING.findall(text)]


def _streets(line: str) -> Iterator[str]:
    """The street of a line with a number: its name without the number, and the number with the name's first word."""
    numbered = _NUMBERED.search(line)
    if numbered is None:
        return
    words = numbered[1].split()
    end = next((place + 1 for place, word in enumerate(words) if word.casefold().strip(".") in STREET_WORDS), 0)
    if end > 1:
        street = words[:end]
        yield " ".join(street)
        yield line[numbered.start() : numbered.start(1)] + street[0]


def _is_telling(part: str) -> bool:
    return any(character.isdigit() for character in part) or len(part.split()) > 1


def _is_ordinary(place: str) -> bool:
    return set(words_of(place)) <= ORDINARY_WORDS


def _is_workplace(part: str) -> bool:
    words = words_of(part)
    return len(words) > 1 and words[-1] not in _JOBS and words[0] not in _JOBS


def _is_word(name: str) -> bool:
    words = words_of(name)
    return len(words) == 1 and words[0] in _NAMES_THAT_ARE_WORDS


def _names(known: FileForLetter, worker_name: str) -> list[tuple[str, str]]:
    """Role and name of those who are no party to the letter; the client's own names and the worker's are left out."""
    client = known.file.client
    spared = set(words_of(worker_name)) | (set(words_of(f"{client.name} {client.known_as}")) if client else set())
    return [
        (each.role, name)
        for each in known.file.people
        if each.role in _NAMED
        for name in _names_of(each)
        if not set(words_of(name)) <= spared
    ]


def _names_of(person: PersonLine) -> list[str]:
    given = person.given_name.split()
    found = [person.name, person.given_name, *given[:1], person.known_as]
    return list(dict.fromkeys(name.strip() for name in found if name.strip()))


def _subscriber(number: str) -> str:
    """A telephone number without the zero or country code that it may be written with."""
    digits = re.sub(r"\D", "", number)
    return re.sub(r"^(?:0044|44|0)0?", "", digits) if len(digits) > 6 else number
