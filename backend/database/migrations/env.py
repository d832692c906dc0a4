"""What alembic runs: the migrations, in one transaction, on the database it is given."""

from alembic import context

from backend.database.engine import Database
from backend.database.tables import Base

database: Database = context.config.attributes["database"]

with database.engine.execution_options(writing=True).connect() as connection:
    context.configure(
        connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with connection.begin():
        context.run_migrations()
