"""Partners, dwellings, volunteers"""

import sqlalchemy as sa
from alembic import op

import caseapp.db.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rent_table",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("cents_1", sa.Integer(), nullable=False),
        sa.Column("cents_2", sa.Integer(), nullable=False),
        sa.Column("cents_3", sa.Integer(), nullable=False),
        sa.Column("cents_4", sa.Integer(), nullable=False),
        sa.Column("cents_5", sa.Integer(), nullable=False),
        sa.Column("cents_further", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rent_table")),
    )
    op.create_table(
        "partner",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("merged_into_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("profile_rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["organisation.id"], name=op.f("fk_partner_confirmed_by_id_organisation")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["partner.id"], name=op.f("fk_partner_merged_into_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index("ix_partner_kind", ["kind", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_merged_into_id"), ["merged_into_id"], unique=False)

    op.create_table(
        "dwelling",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("landlord_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_by_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("ags", sa.String(), nullable=True),
        sa.Column("half_rooms", sa.Integer(), nullable=True),
        sa.Column("square_metres", sa.Integer(), nullable=True),
        sa.Column("rent_cold_cents", sa.Integer(), nullable=False),
        sa.Column("rent_ancillary_cents", sa.Integer(), nullable=False),
        sa.Column("rent_heating_cents", sa.Integer(), nullable=False),
        sa.Column("deposit_cents", sa.Integer(), nullable=False),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("persons_min", sa.Integer(), nullable=False),
        sa.Column("persons_max", sa.Integer(), nullable=True),
        sa.Column("barrier_free", sa.Boolean(), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["held_by_id"], ["organisation.id"], name=op.f("fk_dwelling_held_by_id_organisation")),
        sa.ForeignKeyConstraint(["landlord_id"], ["partner.id"], name=op.f("fk_dwelling_landlord_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dwelling")),
    )
    with op.batch_alter_table("dwelling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dwelling_landlord_id"), ["landlord_id"], unique=False)
        batch_op.create_index("ix_dwelling_state", ["state", "available_on"], unique=False)

    op.create_table(
        "partner_merge",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("kept_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("merged_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("kept_rev", sa.Integer(), nullable=False),
        sa.Column("merged_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("before_rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kept_id"], ["partner.id"], name=op.f("fk_partner_merge_kept_id_partner")),
        sa.ForeignKeyConstraint(["merged_id"], ["partner.id"], name=op.f("fk_partner_merge_merged_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_merge")),
    )
    with op.batch_alter_table("partner_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_merge_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_merge_merged_id"), ["merged_id"], unique=False)

    op.create_table(
        "partner_note",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("partner_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_note_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_note_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_note")),
    )
    with op.batch_alter_table("partner_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_note_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_note_partner_id"), ["partner_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("partner_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_note_partner_id"))
        batch_op.drop_index(batch_op.f("ix_partner_note_organisation_id"))

    op.drop_table("partner_note")
    with op.batch_alter_table("partner_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_merge_merged_id"))
        batch_op.drop_index(batch_op.f("ix_partner_merge_kept_id"))

    op.drop_table("partner_merge")
    with op.batch_alter_table("dwelling", schema=None) as batch_op:
        batch_op.drop_index("ix_dwelling_state")
        batch_op.drop_index(batch_op.f("ix_dwelling_landlord_id"))

    op.drop_table("dwelling")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_merged_into_id"))
        batch_op.drop_index("ix_partner_kind")

    op.drop_table("partner")
    op.drop_table("rent_table")
