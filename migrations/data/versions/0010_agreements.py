"""Agreements"""

import sqlalchemy as sa
from alembic import op

import caseapp.db.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "other_plan",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("cancelled_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_other_plan_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_other_plan_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_plan")),
    )
    with op.batch_alter_table("other_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_other_plan_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_other_plan_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("phrase_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("goals_digest", sa.String(), nullable=False),
        sa.Column("paper_digest", sa.String(), nullable=True),
        sa.Column("replaces_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("presented_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decision_made", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("paper_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("signed_paper_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("scan_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("contact_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("task_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.Column("decision_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_agreement_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_agreement_paper_id_paper"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["agreement.id"], name=op.f("fk_agreement_replaces_id_agreement"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["attachment.id"], name=op.f("fk_agreement_scan_id_attachment"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["signed_paper_id"], ["paper.id"], name=op.f("fk_agreement_signed_paper_id_paper"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("client_id", "number", name=op.f("uq_agreement_client_id_number")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_agreement_state", ["state", "client_id"], unique=False)


def downgrade() -> None:
    op.drop_table("agreement")
    op.drop_table("other_plan")
