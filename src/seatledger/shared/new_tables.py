"""Migrations that make a room's first tables, without working out after each what all models are by then."""

from copy import copy

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState


class NewTables(Migration):
    """A migration that begins with new tables.

    Django builds the classes of every related model anew after each step, in case one of them was changed: for all
    rooms together that is most of the time that an empty database takes. What is new changes no other model, so
    here the new ones alone are built, once.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        new: list[CreateModel] = []
        for step in self.operations:
            if not isinstance(step, CreateModel):
                break
            new.append(step)
        models = project_state.apps
        del project_state.apps
        for step in new:
            step.state_forwards(self.app_label, project_state)
        models.render_multiple([project_state.models[self.app_label, step.name_lower] for step in new])
        project_state.apps = models
        for step in new:
            step.database_forwards(self.app_label, schema_editor, project_state, project_state)
        rest = copy(self)
        rest.operations = self.operations[len(new) :]  # type: ignore[misc]  # as Django does itself
        return Migration.apply(rest, project_state, schema_editor)
