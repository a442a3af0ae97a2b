"""Changing goals. Every change that opens or closes one keeps the client's row of the caseload."""

from caseapp.goals.service.events import count_event, take_back_event
from caseapp.goals.service.followups import Answer, answer_followup, take_back_answer
from caseapp.goals.service.goals import GoalChange, NewGoal, NewStep, add_goal, cancel_goal, edit_goal, restore_goal
from caseapp.goals.service.reviews import Review, review_goal, take_back_review
from caseapp.goals.service.steps import (
    add_step,
    cancel_step,
    change_step,
    finish_step,
    reopen_step,
    tick_steps,
    untick_steps,
)

__all__ = [
    "Answer",
    "GoalChange",
    "NewGoal",
    "NewStep",
    "Review",
    "add_goal",
    "add_step",
    "answer_followup",
    "cancel_goal",
    "cancel_step",
    "change_step",
    "count_event",
    "edit_goal",
    "finish_step",
    "reopen_step",
    "restore_goal",
    "review_goal",
    "take_back_answer",
    "take_back_event",
    "take_back_review",
    "tick_steps",
    "untick_steps",
]
