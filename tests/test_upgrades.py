"""Migrations since the first release: the version before goes on working on their tables, and no page waits for a lock.

One that has to do otherwise says why that is safe: `why_safe = "..."` in its class.
"""

import re
from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

# The newest migration of each room in the first release. It is not out yet: raise these until it is.
FIRST_RELEASE = {
    "accounts": 3,
    "catalogue": 2,
    "cell": 1,
    "closures": 2,
    "events": 2,
    "exports": 2,
    "figures": 2,
    "invoices": 2,
    "licences": 2,
    "moves": 2,
    "notifications": 2,
    "payments": 3,
    "people": 4,
    "sandbox": 1,
    "signups": 2,
    "staff": 6,
    "subscriptions": 3,
}
GONE = (operations.RemoveField, operations.DeleteModel, operations.RenameField, operations.RenameModel)
LOCKING_SQL = re.compile(
    r"CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)|SET\s+NOT\s+NULL|\bTYPE\s|DROP\s+(COLUMN|TABLE)|"
    r"ADD\s+CONSTRAINT(?!.*NOT\s+VALID)|LOCK\s+TABLE|TRUNCATE",
    re.IGNORECASE,
)


def find_dangers(migration: Migration) -> list[str]:
    """Return what would stop the version before, or have it wait, in words."""
    if getattr(migration, "why_safe", ""):
        return []
    steps = list(flattened(migration.operations))
    new = {step.name.lower() for step in steps if isinstance(step, operations.CreateModel)}
    return [danger for step in steps if model_of(step) not in new for danger in dangers_of(step)]


def flattened(steps: list[Operation]) -> Iterator[Operation]:
    for step in steps:
        if isinstance(step, operations.SeparateDatabaseAndState):
            yield from flattened(step.database_operations)
        else:
            yield step


def model_of(step: Operation) -> str:
    return str(getattr(step, "model_name", "") or "").lower()


def dangers_of(step: Operation) -> Iterator[str]:
    what = step.describe()
    if isinstance(step, GONE):
        yield f"{what}: the version before still uses it. Drop it one version later."
    elif isinstance(step, operations.AlterField):
        yield f"{what}: it may write the whole table anew. Say why it does not, or add a column."
    elif isinstance(step, operations.AddField):
        yield from dangers_of_field(step.field, what)
    elif isinstance(step, operations.AddIndex) and not isinstance(step, AddIndexConcurrently):
        yield f"{what}: writers wait while it is built. Use AddIndexConcurrently, with atomic = False."
    elif isinstance(step, operations.AddConstraint) and not isinstance(step, AddConstraintNotValid):
        yield f"{what}: everybody waits while rows are checked. Use AddConstraintNotValid, then ValidateConstraint."
    elif isinstance(step, operations.RunSQL) and LOCKING_SQL.search(str(step.sql)):
        yield f"{what}: its SQL takes a lock that pages wait for, or drops what the version before uses."


def dangers_of_field(field: models.Field, what: str) -> Iterator[str]:
    if isinstance(field, models.ManyToManyField):
        return
    if not field.null and field.db_default is models.NOT_PROVIDED:
        yield f"{what}: rows of the version before have no value for it. Give it null=True or a db_default."
    if field.db_index or field.unique:
        yield f"{what}: writers wait while its index is built. Add the index by AddIndexConcurrently."


def number_of(name: str) -> int:
    return int(name.partition("_")[0])


def test_what_came_after_the_first_release_stops_nobody():
    loader = MigrationLoader(None)
    later = {
        f"{app}.{name}": dangers
        for (app, name), migration in loader.disk_migrations.items()
        if migration.__module__.startswith("seatledger.") and number_of(name) > FIRST_RELEASE.get(app, 0)
        if (dangers := find_dangers(migration))
    }
    assert later == {}


def migration(*steps: Operation, **said: object) -> Migration:
    made = Migration("0002_x", "rooms")
    made.operations = list(steps)
    for name, value in said.items():
        setattr(made, name, value)
    return made


INDEX = models.Index(fields=["name"], name="by_name")
CHECK = models.CheckConstraint(condition=models.Q(size__gt=0), name="it_has_a_size")
NEW_MODEL = operations.CreateModel("Pool", [("id", models.BigAutoField(primary_key=True))])


@pytest.mark.parametrize(
    "step",
    [
        operations.AddIndex("pool", INDEX),
        operations.AddConstraint("pool", CHECK),
        operations.AddField("pool", "size", models.IntegerField()),
        operations.AddField("pool", "size", models.IntegerField(default=1)),
        operations.AddField("pool", "size", models.IntegerField(null=True, db_index=True)),
        operations.AddField("pool", "account", models.ForeignKey("a.B", models.PROTECT, null=True)),
        operations.RemoveField("pool", "size"),
        operations.RenameField("pool", "size", "number"),
        operations.DeleteModel("Pool"),
        operations.AlterField("pool", "size", models.BigIntegerField()),
        operations.RunSQL("CREATE UNIQUE INDEX x ON pool (name)"),
        operations.RunSQL("ALTER TABLE pool ALTER size SET NOT NULL"),
        operations.RunSQL("ALTER TABLE pool ADD CONSTRAINT x CHECK (size > 0)"),
        operations.SeparateDatabaseAndState(database_operations=[operations.AddIndex("pool", INDEX)]),
    ],
    ids=lambda step: step.describe(),
)
def test_a_migration_that_stops_the_version_before_is_found(step):
    assert len(find_dangers(migration(step))) == 1
    assert find_dangers(migration(step, why_safe="The table has one row.")) == []


@pytest.mark.parametrize(
    "steps",
    [
        [AddIndexConcurrently("pool", INDEX)],
        [AddConstraintNotValid("pool", CHECK)],
        [operations.AddField("pool", "size", models.IntegerField(null=True))],
        [operations.AddField("pool", "size", models.IntegerField(db_default=1))],
        [NEW_MODEL, operations.AddIndex("pool", INDEX), operations.AddConstraint("pool", CHECK)],
        [operations.RunSQL("CREATE INDEX CONCURRENTLY x ON pool (name)")],
        [operations.RunSQL("ALTER TABLE pool ADD CONSTRAINT x CHECK (size > 0) NOT VALID")],
    ],
)
def test_a_migration_that_only_adds_is_let_be(steps):
    assert find_dangers(migration(*steps)) == []
