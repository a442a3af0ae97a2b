"""Forms of tasks."""

from __future__ import annotations

import datetime as dt

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp import clock
from caseapp.i18n import lazy_gettext as _l
from caseapp.tasks.rules import due_choices
from caseapp.web.fields import ChipsField, GermanDateField, LongTextField
from caseapp.web.forms import CreateForm, PageForm


class TaskForm(CreateForm):
    """A new task. A day that was typed counts more than a chip."""

    title = StringField(_l("Was ist zu tun?"), [InputRequired(_l("Schreiben Sie, was zu tun ist.")), Length(max=2000)])
    due_in = ChipsField(_l("Bis wann?"), [Optional()], default="7")
    due_on = GermanDateField(_l("Anderer Tag"), [Optional()])
    deadline = BooleanField(_l("Das ist eine Frist"))
    note = LongTextField(_l("Notiz"), [Optional()], most=2000)

    @property
    def chosen_due(self) -> dt.date | None:
        """The day that was meant, None for none."""
        if self.due_on.data:
            return self.due_on.data
        return clock.today() + dt.timedelta(days=int(self.due_in.data)) if self.due_in.data else None


class TaskChangeForm(PageForm):
    """Changing a task. `version` is that of the task when the form was filled."""

    version = HiddenField()
    title = StringField(_l("Was ist zu tun?"), [InputRequired(_l("Schreiben Sie, was zu tun ist.")), Length(max=2000)])
    due_on = GermanDateField(_l("Fällig am"), [Optional()])
    note = LongTextField(_l("Notiz"), [Optional()], most=2000)


def new_task_form() -> TaskForm:
    """An empty form, or the posted one."""
    return TaskForm(choices={"due_in": due_choices()})
