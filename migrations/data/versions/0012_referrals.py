"""Referrals"""

import sqlalchemy as sa
from alembic import op
import caseapp.db.types

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('legal_entry',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_legal_entry_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_entry'))
    )
    with op.batch_alter_table('legal_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_entry_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('legal_request',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_by', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('asked_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('asked_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('decided_by', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('decided_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('sent_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('entry_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('text_rev', sa.Integer(), nullable=False),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['asked_id'], ['user_account.id'], name=op.f('fk_legal_request_asked_id_user_account')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_legal_request_client_id_client'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_legal_request_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_request'))
    )
    with op.batch_alter_table('legal_request', schema=None) as batch_op:
        batch_op.create_index('ix_legal_request_asked', ['asked_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_request_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_request_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('outside_request',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('asker', sa.String(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_by', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('legal_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('created_by', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('created_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('text_rev', sa.Integer(), nullable=False),
    sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_outside_request_client_id_client'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_outside_request_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outside_request'))
    )
    with op.batch_alter_table('outside_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outside_request_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outside_request_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('referral',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('wish_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('legal_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('answer_due_on', sa.Date(), nullable=True),
    sa.Column('task_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('contact_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('created_by', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('created_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('text_rev', sa.Integer(), nullable=False),
    sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_referral_client_id_client'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_referral_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral'))
    )
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_referral_running', ['client_id', 'state', 'answer_due_on'], unique=False)

    op.create_table('volunteer_wish',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_by', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('created_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('wish', sa.LargeBinary(), nullable=False),
    sa.Column('wish_rev', sa.Integer(), nullable=False),
    sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_volunteer_wish_client_id_client'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_volunteer_wish_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_wish'))
    )
    with op.batch_alter_table('volunteer_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_volunteer_wish_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_volunteer_wish_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('disclosure',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('referral_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.Column('told_at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('stopped', sa.Boolean(), nullable=False),
    sa.Column('paper_id', caseapp.db.types.Id(length=16), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('content_rev', sa.Integer(), nullable=False),
    sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_disclosure_client_id_client'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_disclosure_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_disclosure_referral_id_referral'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure'))
    )
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_disclosure_day', ['client_id', 'told_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_step',
    sa.Column('id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('referral_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('before', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('at', caseapp.db.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=False),
    sa.Column('reason_rev', sa.Integer(), nullable=False),
    sa.Column('client_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.Column('organisation_id', caseapp.db.types.Id(length=16), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_referral_step_client_id_client'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_referral_step_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_step_referral_id_referral'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_step'))
    )
    with op.batch_alter_table('referral_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_step_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_referral_step_day', ['client_id', 'on_day'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_step_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_step_referral_id'), ['referral_id'], unique=False)

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_column('origin')

    with op.batch_alter_table('referral_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_step_referral_id'))
        batch_op.drop_index(batch_op.f('ix_referral_step_organisation_id'))
        batch_op.drop_index('ix_referral_step_day')
        batch_op.drop_index(batch_op.f('ix_referral_step_client_id'))

    op.drop_table('referral_step')
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_referral_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_organisation_id'))
        batch_op.drop_index('ix_disclosure_day')
        batch_op.drop_index(batch_op.f('ix_disclosure_client_id'))

    op.drop_table('disclosure')
    with op.batch_alter_table('volunteer_wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_volunteer_wish_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_volunteer_wish_client_id'))

    op.drop_table('volunteer_wish')
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.drop_index('ix_referral_running')
        batch_op.drop_index(batch_op.f('ix_referral_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_referral_client_id'))

    op.drop_table('referral')
    with op.batch_alter_table('outside_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outside_request_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_outside_request_client_id'))

    op.drop_table('outside_request')
    with op.batch_alter_table('legal_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legal_request_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_legal_request_client_id'))
        batch_op.drop_index('ix_legal_request_asked')

    op.drop_table('legal_request')
    with op.batch_alter_table('legal_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legal_entry_organisation_id'))

    op.drop_table('legal_entry')
