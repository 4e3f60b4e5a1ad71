"""The Users page with 50 rows, signed in, beside a bare Django page with a session, the user and the same 50 rows."""

from collections.abc import Callable

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import transaction
from django.http import HttpResponse
from django.template import Template, engines
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from large import large_account
from measuring import hold, own_database, quartiles_ms, show

from seatledger.config import urls
from seatledger.domain.accounts.models import Account
from seatledger.domain.people.models import User
from support import administrator_of

MOST_TIMES = 1.5
ROWS = 50
# What `startproject` writes.
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
BARE_PAGE = """<!doctype html><html lang="en"><head><title>Users</title></head><body><h1>Users</h1>
<p>Signed in as {{ request.user.email }}</p>
<table><thead><tr><th>Name</th><th>Email</th><th>Roles</th><th>Active</th><th>Phone</th><td></td></tr></thead><tbody>
{% for user in users %}<tr>
<th><a href="{% url 'portal:user' user.pk %}">{{ user.full_name }}</a></th><td>{{ user.email }}</td>
<td>{% for grant in user.grants.all %}{{ grant.role.name }} {% endfor %}</td>
<td>{{ user.is_active|yesno:"Yes,No" }}</td><td>{{ user.phone|default:"-" }}</td>
<td><a href="{% url 'portal:edit_user' user.pk %}">Edit {{ user.full_name }}</a></td></tr>{% endfor %}
</tbody></table></body></html>"""


def bare_view(template: Template) -> Callable[[WSGIRequest], HttpResponse]:
    def show_bare(request: WSGIRequest) -> HttpResponse:
        users = User.objects.filter(account=request.user.account_id).prefetch_related("grants__role")
        rows = users.order_by("last_name_lower", "first_name_lower", "id")[:ROWS]
        return HttpResponse(template.render({"users": rows}, request))

    return show_bare


def session_cookie(account: Account) -> str:
    """Return the cookie of a browser in which the account's administrator has signed in."""
    browser = Client()
    with transaction.atomic():
        browser.force_login(administrator_of(account))
    return browser.cookies.output(attrs=[], header="", sep=";").strip()


def page(handler: WSGIHandler, url: str, cookie: str) -> Callable[[], str]:
    """Return a call that asks for a page as a server would, and returns it."""

    def ask() -> str:
        environ = RequestFactory().get(url, headers={"cookie": cookie}).environ
        statuses: list[str] = []
        response = handler(environ, lambda status, _: statuses.append(status))
        body = b"".join(response).decode()
        response.close()
        assert statuses == ["200 OK"], statuses
        return body

    return ask


def main() -> None:
    account = large_account("Pages", users=1_000)
    cookie = session_cookie(account)
    urls.urlpatterns.append(path("bare", bare_view(engines["django"].from_string(BARE_PAGE))))
    ours = page(WSGIHandler(), reverse("portal:users"), cookie)
    with override_settings(MIDDLEWARE=BARE_MIDDLEWARE):
        bare = page(WSGIHandler(), "/bare", cookie)
    for made in (ours(), bare()):
        assert made.count("</tr>") == ROWS + 1
    bare_ms, ours_ms = quartiles_ms(bare, ours)
    show(f"a bare Django page of {ROWS} rows", bare_ms)
    show(f"the Users page of {ROWS} rows", ours_ms)
    hold("the Users page / a bare page", ours_ms / bare_ms, MOST_TIMES)


if __name__ == "__main__":
    with own_database():
        main()
