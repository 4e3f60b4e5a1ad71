"""A provider's brand is a row of its own, which is all that its customers see of it."""

import django.db.models.deletion
from django.db import migrations, models

from seatledger.shared.walls import WEB_ROLE, tenant_wall

# Who has not signed in yet sees it too, on the pages where one signs in: whoever knows the address does.
SHOW_THE_BRAND = f"""
CREATE POLICY brand_is_seen ON accounts_brand FOR SELECT TO {WEB_ROLE} USING (
  account_id = (SELECT bound_provider())
  OR (SELECT bound_account()) IS NULL AND (SELECT bound_door()) IN ('sign_in', 'looks', 'joining'));
"""
# The words were a column of the account. What points from the new rows is checked before the column goes.
TAKE_THE_WORDS_ALONG = """
INSERT INTO accounts_brand (account_id, name, address, words, accent_on_light, accent_on_dark, reply_to, logo_digest, changed_at)
SELECT id, '', '', brand_words, '', '', '', '', opened_at FROM accounts_account WHERE kind = 'provider' AND brand_words <> '{}';
SET CONSTRAINTS ALL IMMEDIATE;
"""
GIVE_THE_WORDS_BACK = """
UPDATE accounts_account SET brand_words = words FROM accounts_brand WHERE account_id = accounts_account.id;
"""
SEE_THE_PROVIDER = f"""
CREATE POLICY provider_is_seen ON accounts_account FOR SELECT TO {WEB_ROLE} USING (id = (SELECT bound_provider()));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="brand",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "address",
                    models.CharField(
                        blank=True, help_text="Where its customers sign in: /at/<address>/.", max_length=40
                    ),
                ),
                (
                    "words",
                    models.JSONField(blank=True, default=dict, help_text="Its own words for product names."),
                ),
                ("accent_on_light", models.CharField(blank=True, max_length=7)),
                ("accent_on_dark", models.CharField(blank=True, max_length=7)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("logo", models.BinaryField(null=True)),
                ("logo_digest", models.CharField(blank=True, max_length=64)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=("address",),
                        name="an_address_leads_to_one_brand",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("logo__isnull", True), ("logo_digest", "")),
                            models.Q(("logo__isnull", False), models.Q(("logo_digest", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_logo_is_known_by_its_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accent_on_dark", ""), ("accent_on_light", "")),
                            models.Q(
                                models.Q(("accent_on_light", ""), _negated=True),
                                models.Q(("accent_on_dark", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_brand_has_both_accents_or_none",
                    ),
                ],
            },
        ),
        tenant_wall("accounts_brand"),
        migrations.RunSQL(SHOW_THE_BRAND, "DROP POLICY brand_is_seen ON accounts_brand;"),
        migrations.RunSQL("DROP POLICY provider_is_seen ON accounts_account;", SEE_THE_PROVIDER),
        migrations.RunSQL(TAKE_THE_WORDS_ALONG, GIVE_THE_WORDS_BACK),
        migrations.RemoveField("account", "brand_words"),
    ]
