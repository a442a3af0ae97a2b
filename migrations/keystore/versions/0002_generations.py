"""Generations"""

import sqlalchemy as sa
from alembic import op
import caseapp.db.types

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

KEPT = 'client_id, organisation_id, epoch, generation, wrapped'


def upgrade() -> None:
    # SQLite cannot change a primary key in place: both databases copy.
    _copy_into(
        sa.Column('superseded_at', caseapp.db.types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('client_id', 'generation'),
        where='',
    )


def downgrade() -> None:
    # The older form has one key for each client; what the others have sealed is lost.
    newest = 'SELECT MAX(newer.generation) FROM client_key AS newer WHERE newer.client_id = client_key.client_id'
    _copy_into(sa.PrimaryKeyConstraint('client_id'), where=f'WHERE generation = ({newest})')


def _copy_into(*differences: sa.schema.SchemaItem, where: str) -> None:
    op.create_table(
        'client_key_new',
        sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
        sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
        sa.Column('epoch', sa.Integer(), nullable=False),
        sa.Column('generation', sa.Integer(), nullable=False),
        sa.Column('wrapped', sa.LargeBinary(), nullable=False),
        *differences,
    )
    op.execute(sa.text(f'INSERT INTO client_key_new ({KEPT}) SELECT {KEPT} FROM client_key {where}'))
    op.drop_table('client_key')
    op.rename_table('client_key_new', 'client_key')
    op.create_index('ix_client_key_organisation_id', 'client_key', ['organisation_id'], unique=False)
