"""Background work in a process of its own (huey on SQLite), with progress that a page can show.

The queue holds ids of jobs only. A slice's `jobs.py` offers handlers; the factory registers them.
"""

from caseapp.jobs.chores import Chore
from caseapp.jobs.models import Job, JobState
from caseapp.jobs.queue import Handler, JobContext, Queue, get_job, start, started

__all__ = ["Chore", "Handler", "Job", "JobContext", "JobState", "Queue", "get_job", "start", "started"]
