"""One team: its name and its site, or its end."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from advocate_desk.desk.dialogs.ask import ask
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.dialog import TeamDialog, column
from advocate_desk.desk.screens.team.fields import Line
from advocate_desk.desk.team import changing
from advocate_desk.desk.team.roster import TeamLine
from advocate_desk.desk.widgets.buttons import button


class TeamEditDialog(TeamDialog):
    """Makes a team, or changes one."""

    def __init__(self, office: Office, team: TeamLine | None, parent: QWidget) -> None:
        title = self.tr("Make a team") if team is None else self.tr("Change a team")
        lead = self.tr("The people of a team read the files of that team.")
        super().__init__(office, title, lead, self.tr("Save"), self.tr("Saving…"), parent)
        self._team = team
        page, layout = column()
        self.lines = {
            "name": Line(self.tr("Name of the team"), text=team.name if team else ""),
            "site": Line(
                self.tr("Site"), self.tr("Where it works, such as a town or a court."), team.site if team else ""
            ),
        }
        for key, each in self.lines.items():
            layout.addWidget(each)
            if team is None:
                each.keep_in(office, f"team {key}")
        self.end = button(self.tr("End this team…"), "danger", clicked=self._ask_end)
        self.end.setVisible(team is not None)
        layout.addWidget(self.end)
        self.set_pages((page,))
        self.lines["name"].setFocus()

    @Slot()
    def go_on(self) -> None:
        """Save it."""
        if not self.is_busy:
            name, site = self.lines["name"].text(), self.lines["site"].text()
            team = self._team.team if self._team else ""
            self.ask_hub(partial(changing.set_team, team=team, name=name, site=site))

    @Slot(object)
    def job_done(self, result: object) -> None:
        """Saved."""
        for key in self.lines:
            self.office.half_typed.forget(f"team team {key}")
        super().job_done(result)

    def _ask_end(self) -> None:
        ask(
            self,
            self.tr("End this team?"),
            self.tr("It is offered no more. Its people and files keep its name until they are given another team."),
            self.tr("End it"),
            self._end,
            is_grave=True,
        )

    def _end(self) -> None:
        if self._team is not None:
            team = self._team
            self.ask_hub(partial(changing.set_team, team=team.team, name=team.name, site=team.site, is_active=False))
