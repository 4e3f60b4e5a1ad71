"""A message says what it is about; its words, and the links in them, are made as it is sent and never stored."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(model_name="message", name="body"),
        migrations.RemoveField(model_name="message", name="subject"),
        migrations.AddField(
            model_name="message",
            name="about",
            field=models.JSONField(blank=True, default=dict, help_text="Ids of what it speaks of."),
        ),
        migrations.AddField(
            model_name="message",
            name="claimed_at",
            field=models.DateTimeField(help_text="Since when a job has had it in hand.", null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("welcome", "Welcome, with a link to choose a password"),
                    ("password_reset", "A link to choose a new password"),
                    ("licences_requested", "A customer asks for more licences"),
                ],
                default="welcome",
                max_length=32,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="message",
            name="user",
            field=models.ForeignKey(
                help_text="Who reads it, if a user does.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="cause",
            field=models.CharField(help_text="What it is about, once: `event:42`.", max_length=100),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["welcome", "password_reset", "licences_requested"])),
                name="message_kind_is_known",
            ),
        ),
    ]
