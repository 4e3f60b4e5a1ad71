"""Settings > Export: ask for the archive, see how far it is, download it; for administrators alone."""

import io
from zipfile import ZipFile

import pytest
from django.urls import reverse
from signing_in import page_of
from staff_visits import sign_in_staff

from delivery import jobs_named
from exporting import given_asked_export, given_ready_export
from seatledger.domain.events.models import Event
from seatledger.domain.exports.actions import take_step
from seatledger.domain.exports.models import Export, ExportPart
from seatledger.domain.people.models import BuiltInRole, Role
from seatledger.domain.staff.permissions import StaffRole
from seatledger.faces.jobs.tasks import go_on_with_exports, make_export
from seatledger.shared.boundary import unbind
from staffing import given_member
from support import LATER, SYSTEM, administrator_of, given_account, given_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(visit_as):
    return visit_as(administrator_of(given_account()))


def archive_url(export):
    return reverse("portal:export_archive", args=[export.pk])


def body_of(answer):
    """Return what is sent after the request; each part is read behind the account's wall."""
    try:
        return b"".join(answer.streaming_content)
    finally:
        unbind()


def test_an_administrator_asks_waits_and_downloads(ann):
    page = page_of(ann.get(reverse("portal:export")))
    assert ("Make the archive" in page, "<progress" in page) == (True, False)
    page = page_of(ann.post(reverse("portal:export"), follow=True))
    assert ("<progress" in page, 'hx-trigger="every 2s"' in page, "Look again" in page) == (True, True, True)
    [job] = jobs_named("make_export")
    make_export(**job.args)
    unbind()
    page = page_of(ann.get(reverse("portal:export")))
    export = Export.objects.get()
    assert (archive_url(export) in page, "hx-trigger" in page, "Ann Lee" in page) == (True, False, True)
    answer = ann.get(archive_url(export))
    content = body_of(answer)
    assert answer["Content-Type"] == "application/zip"
    assert int(answer["Content-Length"]) == len(content)
    assert ZipFile(io.BytesIO(content)).testzip() is None
    assert Event.objects.filter(kind="export_downloaded").get().actor_kind == "user"


def test_the_page_says_how_far_it_is(ann):
    export = given_asked_export(given_account("Contoso"))
    assert "<progress" not in page_of(ann.get(reverse("portal:export")))
    ann.post(reverse("portal:export"))
    mine = Export.objects.exclude(pk=export.pk).get()
    for _ in range(4):
        take_step(export_id=mine.pk, at=LATER, by=SYSTEM)
    mine.refresh_from_db()
    page = page_of(ann.get(reverse("portal:export")))
    assert f'value="{mine.percent}"' in page
    assert 0 < mine.percent < 99


def test_an_archive_that_is_not_ready_is_not_sent(ann):
    ann.post(reverse("portal:export"))
    assert ann.get(archive_url(Export.objects.get())).status_code == 404


def test_a_download_that_loses_its_archive_is_cut_off(ann, visit_as):
    account = given_account("Contoso")
    export = given_ready_export(account)
    answer = visit_as(administrator_of(account)).get(archive_url(export))
    ExportPart.objects.all().delete()
    with pytest.raises(AssertionError, match="cut off"):
        body_of(answer)


def test_nobody_but_an_administrator_sees_any_of_it(visit_as):
    account = given_account()
    export = given_ready_export(account)
    billing = Role.objects.get(account=account, built_in=BuiltInRole.BILLING)
    for number, roles in enumerate([[], [billing]]):
        visitor = visit_as(given_user(account, f"Ben {'Xy'[number]}", roles=roles))
        assert visitor.get(reverse("portal:export")).status_code == 403
        assert visitor.post(reverse("portal:export")).status_code == 403
        assert visitor.get(archive_url(export)).status_code == 403
    stranger = visit_as(administrator_of(given_account("Contoso")))
    assert stranger.get(archive_url(export)).status_code == 404


def test_the_deletion_page_offers_it_first(ann):
    page = page_of(ann.get(reverse("portal:request_deletion")))
    assert f'href="{reverse("portal:export")}"' in page


def test_a_lost_job_is_queued_anew_and_old_archives_go():
    export = given_asked_export(given_account())
    before = len(jobs_named("make_export"))
    go_on_with_exports(timestamp=0)
    go_on_with_exports(timestamp=0)
    assert len(jobs_named("make_export")) == before + 1
    assert jobs_named("make_export")[-1].args["export_id"] == str(export.pk)


def test_staff_who_look_at_the_account_get_no_archive():
    account = given_account()
    export = given_ready_export(account)
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    begun = visitor.post(reverse("console:view_as", args=[account.serial_number]))
    root = begun.url.rstrip("/")
    assert visitor.get(f"{root}/users/").status_code == 200
    for url in (reverse("portal:export"), archive_url(export)):
        assert visitor.get(f"{root}{url}").status_code == 403
    assert not Event.objects.filter(kind="export_downloaded").exists()
