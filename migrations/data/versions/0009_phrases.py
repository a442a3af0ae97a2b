"""Phrase book"""

import sqlalchemy as sa
from alembic import op
import caseapp.db.types

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('phrase_version',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('made_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('base_digest', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('content_rev', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phrase_version')),
    sa.UniqueConstraint('number', name=op.f('uq_phrase_version_number'))
    )


def downgrade() -> None:
    op.drop_table('phrase_version')
