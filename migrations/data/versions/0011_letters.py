"""Letters"""

import sqlalchemy as sa
from alembic import op
import caseapp.db.types

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('letter',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('partner_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('contact_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('task_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('finished_task', sa.Boolean(), nullable=False),
    sa.Column('book_version', sa.Integer(), nullable=False),
    sa.Column('written_by', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('written_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('content_rev', sa.Integer(), nullable=False),
    sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_letter_client_id_client'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_letter_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['written_by'], ['user_account.id'], name=op.f('fk_letter_written_by_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_letter_day', ['client_id', 'on_day'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_organisation_id'), ['organisation_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_organisation_id'))
        batch_op.drop_index('ix_letter_day')
        batch_op.drop_index(batch_op.f('ix_letter_client_id'))

    op.drop_table('letter')
