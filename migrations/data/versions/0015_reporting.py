"""Reporting"""

import sqlalchemy as sa
from alembic import op

import caseapp.db.types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("funding_period", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("job_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("files_job_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("as_of", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("built_by", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("checked_by", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("checked_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("released_by", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("released_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("package", sa.LargeBinary(), nullable=False),
        sa.Column("package_rev", sa.Integer(), nullable=False),
        sa.Column("memory", sa.LargeBinary(), nullable=False),
        sa.Column("memory_rev", sa.Integer(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("facts_rev", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answer_rev", sa.Integer(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("proof_rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ux_report_period", ["scope", "period"], unique=True)

    op.create_table(
        "report_confirmation",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("confirmed_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("confirmed_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_confirmation_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_confirmation")),
    )
    with op.batch_alter_table("report_confirmation", schema=None) as batch_op:
        batch_op.create_index("ux_report_confirmation", ["organisation_id", "period"], unique=True)

    op.create_table(
        "report_file",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("report_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("made_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_file_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
    )
    with op.batch_alter_table("report_file", schema=None) as batch_op:
        batch_op.create_index("ux_report_file", ["report_id", "kind"], unique=True)

    op.create_table(
        "report_note",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("report_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("written_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("written_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_note_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_note")),
    )
    with op.batch_alter_table("report_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_note_report_id"), ["report_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("report_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_note_report_id"))

    op.drop_table("report_note")
    with op.batch_alter_table("report_file", schema=None) as batch_op:
        batch_op.drop_index("ux_report_file")

    op.drop_table("report_file")
    with op.batch_alter_table("report_confirmation", schema=None) as batch_op:
        batch_op.drop_index("ux_report_confirmation")

    op.drop_table("report_confirmation")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ux_report_period")

    op.drop_table("report")
