"""Consents, releases, powers of attorney"""

import sqlalchemy as sa
from alembic import op
import caseapp.db.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declaration_sheet",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("paper_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("made_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("made_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("signed_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_declaration_sheet_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_declaration_sheet_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_sheet")),
    )
    with op.batch_alter_table("declaration_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_sheet_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_sheet_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("sheet_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("title_rev", sa.Integer(), nullable=False),
        sa.Column("ending", sa.LargeBinary(), nullable=False),
        sa.Column("ending_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_declaration_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_declaration_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["declaration_sheet.id"],
            name=op.f("fk_declaration_sheet_id_declaration_sheet"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index("ix_declaration_client", ["client_id", "state", "ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "declaration_content",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("declaration_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("box_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_declaration_content_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_declaration_content_declaration_id_declaration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_declaration_content_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_content")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_declaration_content_declaration_id")),
    )
    with op.batch_alter_table("declaration_content", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_content_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_content_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("declaration_content", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_content_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_declaration_content_client_id"))

    op.drop_table("declaration_content")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_declaration_organisation_id"))
        batch_op.drop_index("ix_declaration_client")

    op.drop_table("declaration")
    with op.batch_alter_table("declaration_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_sheet_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_declaration_sheet_client_id"))

    op.drop_table("declaration_sheet")
