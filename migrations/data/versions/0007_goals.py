"""Goals"""

import sqlalchemy as sa
from alembic import op

import caseapp.db.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("successor_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("cancelled_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("contact_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_goal_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_goal_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["goal.id"], name=op.f("fk_goal_successor_id_goal"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_goal_open", ["client_id", "closed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "goal_event",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("goal_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("cancelled_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_goal_event_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_event_goal_id_goal"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_goal_event_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_event")),
    )
    with op.batch_alter_table("goal_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_event_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_event_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_event_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "goal_review",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("goal_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("contact_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("undone_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("trace", sa.LargeBinary(), nullable=False),
        sa.Column("trace_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_goal_review_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_review_goal_id_goal"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_goal_review_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_review")),
    )
    with op.batch_alter_table("goal_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_review_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_review_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_review_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "goal_step",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("goal_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("task_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.CheckConstraint("(party = 'client') = (state IS NOT NULL)", name=op.f("ck_goal_step_state")),
        sa.CheckConstraint("(party = 'office') = (task_id IS NOT NULL)", name=op.f("ck_goal_step_task")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_goal_step_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_step_goal_id_goal"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_goal_step_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_goal_step_task_id_task"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_step")),
    )
    with op.batch_alter_table("goal_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_step_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_step_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index("ix_goal_step_open", ["client_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_step_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_step_task_id"), ["task_id"], unique=False)

    op.create_table(
        "goal_followup",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("goal_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("review_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("task_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_goal_followup_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_goal_followup_goal_id_goal"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_goal_followup_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["goal_review.id"], name=op.f("fk_goal_followup_review_id_goal_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_goal_followup_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_followup")),
    )
    with op.batch_alter_table("goal_followup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_followup_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_followup_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_followup_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_followup_task_id"), ["task_id"], unique=False)

    op.create_table(
        "goal_score",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("goal_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("review_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.CheckConstraint("value BETWEEN 0 AND 4", name=op.f("ck_goal_score_value")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_goal_score_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_score_goal_id_goal"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_goal_score_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["goal_review.id"], name=op.f("fk_goal_score_review_id_goal_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_score")),
    )
    with op.batch_alter_table("goal_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_score_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_score_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_score_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("goal_score")
    op.drop_table("goal_followup")
    op.drop_table("goal_step")
    op.drop_table("goal_review")
    op.drop_table("goal_event")
    op.drop_table("goal")
