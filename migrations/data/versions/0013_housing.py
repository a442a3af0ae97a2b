"""Housing"""

import sqlalchemy as sa
from alembic import op

import caseapp.db.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "housing_wish",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_housing_wish_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_housing_wish_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_wish")),
        sa.UniqueConstraint("client_id", name=op.f("uq_housing_wish_client_id")),
    )
    with op.batch_alter_table("housing_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_housing_wish_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_housing_wish_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "housing_application",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("dwelling_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("goal_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("referral_id", caseapp.db.types.Id(length=16), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("viewing_on", sa.Date(), nullable=True),
        sa.Column("lease_from_on", sa.Date(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("created_by", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("created_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_rev", sa.Integer(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_housing_application_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_housing_application_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_housing_application_goal_id_goal"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_housing_application_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_application")),
    )
    with op.batch_alter_table("housing_application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_housing_application_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_housing_application_dwelling", ["dwelling_id", "client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_housing_application_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_housing_application_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "housing_check",
        sa.Column("id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("application_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("client_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.Column("organisation_id", caseapp.db.types.Id(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["housing_application.id"],
            name=op.f("fk_housing_check_application_id_housing_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_housing_check_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_housing_check_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_check")),
        sa.UniqueConstraint("application_id", "code", name=op.f("uq_housing_check_application_id_code")),
    )
    with op.batch_alter_table("housing_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_housing_check_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_housing_check_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_housing_check_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("housing_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_housing_check_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_housing_check_client_id"))
        batch_op.drop_index(batch_op.f("ix_housing_check_application_id"))

    op.drop_table("housing_check")
    with op.batch_alter_table("housing_application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_housing_application_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_housing_application_goal_id"))
        batch_op.drop_index("ix_housing_application_dwelling")
        batch_op.drop_index(batch_op.f("ix_housing_application_client_id"))

    op.drop_table("housing_application")
    with op.batch_alter_table("housing_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_housing_wish_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_housing_wish_client_id"))

    op.drop_table("housing_wish")
