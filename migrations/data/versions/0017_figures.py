"""Own figures"""

import sqlalchemy as sa
from alembic import op

import caseapp.db.types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_snapshot",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("user_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("made_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("job_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_figure_snapshot_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_snapshot")),
        sa.UniqueConstraint(
            "user_id", "organisation_id", "period", name=op.f("uq_figure_snapshot_user_id_organisation_id_period")
        ),
    )
    with op.batch_alter_table("figure_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figure_snapshot_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "works_agreement",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("recorded_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_by", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("ended_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_works_agreement_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works_agreement")),
    )
    with op.batch_alter_table("works_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_works_agreement_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "worker_comparison",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("agreement_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("seen_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("seen_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["works_agreement.id"], name=op.f("fk_worker_comparison_agreement_id_works_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_worker_comparison_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_comparison")),
    )
    with op.batch_alter_table("worker_comparison", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worker_comparison_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_worker_comparison_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("worker_comparison", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_worker_comparison_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_worker_comparison_agreement_id"))

    op.drop_table("worker_comparison")
    with op.batch_alter_table("works_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_works_agreement_organisation_id"))

    op.drop_table("works_agreement")
    with op.batch_alter_table("figure_snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figure_snapshot_organisation_id"))

    op.drop_table("figure_snapshot")
