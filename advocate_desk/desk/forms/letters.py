"""The letter form: what the court support letter says, gathered from the file and editable, each fact with its flag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from advocate_desk.casework.letters import save_letter
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.convert import file_of, text_of
from advocate_desk.desk.forms.hearings import case_words
from advocate_desk.desk.forms.letter_known import Basis, about_facts, file_facts, first_about, read_basis
from advocate_desk.desk.forms.letter_making import (
    CONSENT,
    CONSENT_STATE,
    IN,
    NOT_KEPT,
    TICK,
    consent_words,
    letter_to_keep,
)
from advocate_desk.desk.forms.letter_panel import LetterPanel
from advocate_desk.desk.forms.registry import FormKind, OptionList, Params
from advocate_desk.desk.forms.values import Values, day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.letters.papers import show_new_letter
from advocate_desk.documents.letter_form import CLIENT_SHORT, STAGE, STAGES
from advocate_desk.documents.letter_template import Include, LetterFact, LetterTemplate
from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section, ShownWhen
from advocate_desk.domain.identity import RecordId
from advocate_desk.store.queries.letter_facts import letter_by_id

NARROW = frozenset({"client_name", "urn", "contact_count", "supported_since", "hearing"})


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("LetterForm", text)


# --- what it asks -----------------------------------------------------------------------------------------------------


def _spec(office: Office, params: Params) -> FormSpec:
    basis = read_basis(office, file_of(params))
    facts = {fact.key: fact for fact in basis.template.fact}
    sections = (
        Section("about", tr("Case and addressee"), tuple(_about_fields())),
        Section("ground", tr("Why it is shared"), tuple(_ground_fields(basis))),
        Section("case", tr("The case"), (*_asked(facts, "client_name"), CLIENT_SHORT, *_case_fields(facts))),
        Section("support", tr("Your support"), _asked(facts, "supported_since", "contact_count", "referral_route")),
        Section("words", tr("Her own words"), _asked(facts, "effect_words")),
        Section("help", tr("Help at court"), _asked(facts, "measures", "practical_requests")),
        Section("reach", tr("Reaching you"), _asked(facts, "availability")),
    )
    return FormSpec(
        f"letter.{basis.template.key}",
        basis.template.title,
        sections,
        basis.template.version,
        intro=tr(
            "Filled in from her file: change what is not right. The defence and the perpetrator may read what goes to "
            "a court."
        ),
        save_label=tr("Save letter"),
    )


def _about_fields() -> Iterator[Field]:
    yield Field("about", FieldKind.CHOICE, tr("Hearing or case"), options="letter_about")
    yield Field("addressee_kind", FieldKind.CHOICE, tr("Who it goes to"), options="letter_addressee", required=True)
    yield Field(
        "addressee",
        FieldKind.LONG_TEXT,
        tr("Name and address"),
        help=tr("As they stand on the letter, a line each."),
        required=True,
        max_length=400,
    )


def _ground_fields(basis: Basis) -> Iterator[Field]:
    consent = basis.consent(basis.template.addressee[0].kind)
    for state in ("refused", "withdrawn"):
        words = consent_words(replace(consent, state=state, on=consent.on if consent.state == state else None))
        help_text = tr("This letter cannot rest on her consent. Talk with her first, or choose another ground.")
        shown = ShownWhen(CONSENT_STATE, (state,))
        yield Field(f"consent_{state}", FieldKind.NOTE, words, help=help_text, shown_when=shown)
    yield Field("gateway", FieldKind.CHOICE, tr("Ground for sharing"), options="gateway", required=True)
    yield Field(
        "consent_on",
        FieldKind.DATE,
        tr("The day on which she agreed"),
        help=tr("It is named at the foot of the letter."),
        required=True,
        shown_when=ShownWhen("gateway", (CONSENT,)),
    )
    yield Field(
        "necessity",
        FieldKind.LONG_TEXT,
        tr("Why it is needed and in proportion"),
        help=tr("For the disclosure register: also whether she was told. It does not stand in the letter."),
        required=True,
        shown_when=ShownWhen(
            "gateway", tuple(each.key for each in basis.packs.choices("gateway") if each.key != CONSENT)
        ),
    )


def _case_fields(facts: Mapping[str, LetterFact]) -> tuple[Field, ...]:
    (court,) = _asked(facts, "court_name")
    court = replace(court, kind=FieldKind.SEARCH, options="courts")
    hearing, *flags = _asked(facts, "hearing")
    hearing = replace(hearing, kind=FieldKind.DATE_TIME, wide=True)
    return (court, *_asked(facts, "urn"), replace(STAGE, wide=True), hearing, *flags, *_asked(facts, "defendant_name"))


def _asked(facts: Mapping[str, LetterFact], *keys: str) -> tuple[Field, ...]:
    """The fields of facts, each with its flag unless it is always in, and with its tick if it is sensitive."""
    found: list[Field] = []
    for fact in (facts[key] for key in keys if key in facts):
        found.append(replace(fact.field(), wide=fact.key not in NARROW, help=_help(fact)))
        if fact.include is Include.ALWAYS:
            continue
        flag = tr("In the letter: {0}").format(_short(fact))
        found.append(Field(f"{IN}{fact.key}", FieldKind.CHECK, flag))
        if fact.sensitivity is not Sensitivity.NONE:
            found.append(_tick(fact))
    return tuple(found)


def _help(fact: LetterFact) -> str:
    more = {
        "contact_count": tr("Counted from notes and from calls in which you spoke."),
        "practical_requests": tr("Taken from her access needs. Leave out what she does not want said."),
        "supported_since": tr("The day on which the file was opened."),
    }
    return " ".join(part for part in (fact.help, more.get(fact.key, "")) if part)


def _short(fact: LetterFact) -> str:
    """What a flag calls its fact: short enough for one line at any text size."""
    words = {
        "hearing": tr("hearing"),
        "defendant_name": tr("defendant’s name"),
        "referral_route": tr("how she came to you"),
        "contact_count": tr("number of contacts"),
        "effect_words": tr("her words"),
        "measures": tr("measures"),
        "practical_requests": tr("practical requests"),
        "availability": tr("when you can be reached"),
    }
    return words.get(fact.key, fact.label)


def _tick(fact: LetterFact) -> Field:
    words = {
        "effect_words": (
            tr("She agreed to these words"),
            tr("Read them to her first, as they stand here. The defence will be able to read them too."),
        ),
        "practical_requests": (
            tr("She agreed to these requests"),
            tr("They can show what her health or her language is."),
        ),
        "defendant_name": (
            tr("The court needs this name"),
            tr("Only if the court cannot find the case by its reference."),
        ),
    }
    label, help_text = words.get(fact.key, (tr("Confirmed: {0}").format(_short(fact)), ""))
    shown = ShownWhen(f"{IN}{fact.key}", ("yes",))
    return Field(f"{TICK}{fact.key}", FieldKind.CHECK, label, help=help_text, shown_when=shown)


# --- what is chosen from ----------------------------------------------------------------------------------------------


def _options(office: Office, params: Params) -> dict[str, OptionList]:
    basis = read_basis(office, file_of(params))
    kinds = {each.kind for each in basis.template.addressee}
    return {
        "letter_about": tuple(_abouts(office, basis)),
        "letter_addressee": tuple(each for each in office.packs.choices("addressee_kind") if each.key in kinds),
        "letter_stage": tuple(Option(key, label) for key, label in STAGES.items()),
    }


def _abouts(office: Office, basis: Basis) -> Iterator[Option]:
    for hearing in basis.known.justice.hearings:
        time = f", {hearing.listed_time}" if hearing.listed_time else ""
        kind = office.packs.label("hearing_kind", hearing.kind) if hearing.kind else ""
        label = " · ".join(
            each for each in (f"{day_words(hearing.hearing_on)}{time}", kind, hearing.court_name) if each
        )
        yield Option(f"hearing:{hearing.hearing_id}", label, case_words(office, basis.known.justice, hearing.case_id))
    for case in basis.known.justice.cases:
        words = case_words(office, basis.known.justice, case.case_id)
        yield Option(f"case:{case.case_id}", tr("No hearing: {0}").format(words))


# --- what it begins with ----------------------------------------------------------------------------------------------


def _load(office: Office, params: Params) -> Values:
    basis = read_basis(office, file_of(params))
    if params.get("from_letter"):
        return _again(office, basis, params)
    return _fresh(basis, first_about(basis, params), basis.template.addressee[0].kind)


def _fresh(basis: Basis, about: str, kind: str) -> Values:
    """All that the file knows for a letter about one hearing."""
    known = {**file_facts(basis), **about_facts(basis, about, kind), **_flags(basis.template)}
    return {**known, "about": about, "addressee_kind": kind, **_ground(basis, kind)}


def _again(office: Office, basis: Basis, params: Params) -> Values:
    """The values of an earlier letter: counted and agreed anew, for the next hearing, and nothing confirmed yet."""
    earlier = office.work.read(letter_by_id, UUID(str(params["from_letter"])))
    facts = dict(earlier.facts or {}) if earlier is not None else {}
    kept = {key: value for key, value in facts.items() if key not in NOT_KEPT and not key.startswith(TICK)}
    kind = text_of(kept, "addressee_kind") or basis.template.addressee[0].kind
    about = first_about(basis, {})
    fresh = _fresh(basis, about, kind)
    anew = {"contact_count", "about", *_ground(basis, kind)}
    if about != text_of(kept, "about"):
        anew |= set(about_facts(basis, about, kind))
    return {**fresh, **{key: value for key, value in kept.items() if key not in anew}}


def _flags(template: LetterTemplate) -> Values:
    return {
        f"{IN}{fact.key}": fact.include is Include.ON for fact in template.fact if fact.include is not Include.ALWAYS
    }


def _ground(basis: Basis, kind: str) -> Values:
    consent = basis.consent(kind)
    is_given = consent.state == "given"
    return {
        CONSENT_STATE: consent.state,
        "gateway": CONSENT if is_given else "",
        "consent_on": consent.on.isoformat() if is_given and consent.on else "",
    }


# --- what saving does -------------------------------------------------------------------------------------------------


def _save(office: Office, params: Params, values: Values) -> Done:
    file_id = file_of(params)
    made = letter_to_keep(read_basis(office, file_id), values, office.fonts)
    return save_letter(office.work, file_id, made)


def _aside(office: Office, params: Params, view: FormView) -> QWidget:
    return LetterPanel(office, file_of(params), view)


def _after(office: Office, _params: Params, done: Done) -> None:
    if done.record_id is not None and done.file_id is not None:
        show_new_letter(office, done.file_id, RecordId(done.record_id))


FORM_KINDS = (
    FormKind(
        "letter",
        _spec,
        _save,
        _load,
        _options,
        is_wide=True,
        saved_words=tr("The letter is saved in her file, and in its disclosure register."),
        aside=_aside,
        after=_after,
    ),
)
