"""Key figures"""

import sqlalchemy as sa
from alembic import op

import caseapp.db.types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keyfigure_before",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("changed_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("box_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_keyfigure_before_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyfigure_before")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_keyfigure_before_organisation_id_year")),
    )
    with op.batch_alter_table("keyfigure_before", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyfigure_before_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "keyfigure_count",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("job_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("box_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_keyfigure_count_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyfigure_count")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_keyfigure_count_organisation_id_year")),
    )
    with op.batch_alter_table("keyfigure_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyfigure_count_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "keyfigure_form",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("until_year", sa.Integer(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("file_rev", sa.Integer(), nullable=False),
        sa.Column("slots", sa.LargeBinary(), nullable=False),
        sa.Column("slots_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_keyfigure_form_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyfigure_form")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_keyfigure_form_organisation_id_number")),
    )
    with op.batch_alter_table("keyfigure_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyfigure_form_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "keyfigure_freeze",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("frozen_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("box_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_keyfigure_freeze_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyfigure_freeze")),
        sa.UniqueConstraint(
            "organisation_id", "year", "number", name=op.f("uq_keyfigure_freeze_organisation_id_year_number")
        ),
    )
    with op.batch_alter_table("keyfigure_freeze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyfigure_freeze_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "keyfigure_handover",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("freeze_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("box_rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_keyfigure_handover_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyfigure_handover")),
        sa.UniqueConstraint(
            "organisation_id", "year", "number", name=op.f("uq_keyfigure_handover_organisation_id_year_number")
        ),
    )
    with op.batch_alter_table("keyfigure_handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyfigure_handover_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "keyfigure_submission",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("job_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("made_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("made_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("note_rev", sa.Integer(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("files_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["keyfigure_form.id"], name=op.f("fk_keyfigure_submission_form_id_keyfigure_form")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_keyfigure_submission_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyfigure_submission")),
        sa.UniqueConstraint(
            "organisation_id", "year", "number", name=op.f("uq_keyfigure_submission_organisation_id_year_number")
        ),
    )
    with op.batch_alter_table("keyfigure_submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyfigure_submission_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "keyfigure_answer",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("answered_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("answered_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("note_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_keyfigure_answer_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_keyfigure_answer_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyfigure_answer")),
    )
    with op.batch_alter_table("keyfigure_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyfigure_answer_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_keyfigure_answer_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_keyfigure_answer_year", ["year", "client_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("keyfigure_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_keyfigure_answer_year")
        batch_op.drop_index(batch_op.f("ix_keyfigure_answer_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_keyfigure_answer_client_id"))

    op.drop_table("keyfigure_answer")
    with op.batch_alter_table("keyfigure_submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyfigure_submission_organisation_id"))

    op.drop_table("keyfigure_submission")
    with op.batch_alter_table("keyfigure_handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyfigure_handover_organisation_id"))

    op.drop_table("keyfigure_handover")
    with op.batch_alter_table("keyfigure_freeze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyfigure_freeze_organisation_id"))

    op.drop_table("keyfigure_freeze")
    with op.batch_alter_table("keyfigure_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyfigure_form_organisation_id"))

    op.drop_table("keyfigure_form")
    with op.batch_alter_table("keyfigure_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyfigure_count_organisation_id"))

    op.drop_table("keyfigure_count")
    with op.batch_alter_table("keyfigure_before", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyfigure_before_organisation_id"))

    op.drop_table("keyfigure_before")
