"""Referrals"""

import sqlalchemy as sa
from alembic import op
import caseapp.db.types

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
