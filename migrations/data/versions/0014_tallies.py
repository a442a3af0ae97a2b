"""Tallies: what the records say to the figures, and which carriers' lines are still to be made."""

import sqlalchemy as sa
from alembic import op

from caseapp.db.types import Id, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("id", Id(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("box_rev", sa.Integer(), nullable=False),
        sa.Column("organisation_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_tally_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tally_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tally_person"), ["person"], unique=False)

    op.create_table(
        "tally_gap",
        sa.Column("id", Id(), nullable=False),
        sa.Column("organisation_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_tally_gap_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_gap")),
    )
    with op.batch_alter_table("tally_gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tally_gap_organisation_id"), ["organisation_id"], unique=False)

    # Since when it has been known that somebody took part: a talk of a quarter whose figures are out counts in the next.
    with op.batch_alter_table("contact_participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE contact_participant SET recorded_at ="
        " (SELECT created_at FROM contact WHERE contact.id = contact_participant.contact_id)"
    )
    with op.batch_alter_table("contact_participant", schema=None) as batch_op:
        batch_op.alter_column("recorded_at", existing_type=UtcDateTime(timezone=True), nullable=False)

    # What was recorded before has no lines. They need keys, which a migration does not have: `caseapp migrate` makes
    # them afterwards, and until then there is no report of these carriers.
    op.execute("INSERT INTO tally_gap (id, organisation_id) SELECT id, id FROM organisation")


def downgrade() -> None:
    with op.batch_alter_table("tally_gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tally_gap_organisation_id"))

    op.drop_table("tally_gap")
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tally_person"))
        batch_op.drop_index(batch_op.f("ix_tally_organisation_id"))

    op.drop_table("tally")

    with op.batch_alter_table("contact_participant", schema=None) as batch_op:
        batch_op.drop_column("recorded_at")
