"""Phrase book"""

import sqlalchemy as sa
from alembic import op
import caseapp.db.types

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
