"""Letters of the demonstration, composed and kept as the desk does: Letters and Access have something to show."""

from __future__ import annotations

from datetime import date

from advocate_desk import paths
from advocate_desk.casework.letters import LetterMade, save_letter
from advocate_desk.casework.work import Work
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.letter import Addressee, CourtLetterFacts, Measure, compose, default_included
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.letter_template import LetterTemplate
from advocate_desk.documents.letterhead import Letterhead, Worker
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.settings import Letterhead as KeptLetterhead
from advocate_desk.settings import WorkerDetails
from advocate_desk.store.queries.client_file import banner
from advocate_desk.store.queries.justice import justice_view
from advocate_desk.store.queries.notes import notes_page


def court_letter(
    work: Work, fonts: FontSet, file_id: FileId, written_on: date, service: KeptLetterhead, who: WorkerDetails
) -> None:
    """Write the court support letter for the file's next hearing, and keep it."""
    view, head = work.read(justice_view, file_id), work.read(banner, file_id)
    hearing = next(each for each in view.hearings if not each.outcome)
    case = next(each for each in view.cases if each.case_id == hearing.case_id)
    labels = {each.key: each for each in work.packs.special_measures().measure}
    facts = CourtLetterFacts(
        client_name=head.client_name,
        client_short=head.client_name.split(" ")[0],
        court_name=hearing.court_name,
        urn=case.urn,
        hearing_on=hearing.hearing_on,
        defendant_name="",
        supported_since=case.reported_on,
        referral_route="a referral from the police",
        contact_count=work.read(notes_page, file_id).total,
        effect_words="I do not sleep before court days. I want to give my evidence and go home without seeing him.",
        measures=tuple(Measure(labels[code].label, labels[code].section) for code in hearing.measures),
        practical_requests=("A separate entrance and a room to wait in",),
        availability="I can be at court with her on the day of the hearing.",
        consent_on=written_on,
    )
    template = work.packs.read("letters/l_court.toml", LetterTemplate)
    included = {key for key in default_included(template) if facts.values().get(key)}
    letter = compose(
        template,
        facts,
        included,
        Letterhead(service.service_name, tuple(service.address.split("\n")), service.phone, service.email),
        Worker(who.name, who.role, who.job_title, who.phone, who.email),
        Addressee("court", ("The Court Manager", hearing.court_name)),
        written_on,
        reference=head.reference,
    )
    made = LetterMade(
        template="l_court",
        template_version=template.version,
        title=template.title,
        addressee_kind="court",
        addressee=f"The Court Manager, {hearing.court_name}",
        facts={},
        disclosed=tuple(fact.label for fact in template.fact if fact.key in included),
        pdf=letter_pdf(fonts, letter),
        gateway="consent",
        client_agreed_on=written_on,
        case_id=RecordId(case.case_id),
        hearing_id=RecordId(hearing.hearing_id),
    )
    save_letter(work, file_id, made)


def shared_fonts() -> FontSet:
    """The fonts of the demonstration's letters."""
    return FontSet(paths.resources() / "fonts")
