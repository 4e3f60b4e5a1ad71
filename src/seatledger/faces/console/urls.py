"""The console's addresses, under the name `console`. A page that is added gets its line here."""

from django.urls import path

from seatledger.faces.console import (
    account,
    accounts,
    closures,
    deeds,
    documents,
    overview,
    profile,
    sent_mail,
    set_up,
    sign_in,
    staff,
    transfers,
    viewing,
)

app_name = "console"
urlpatterns = [
    path("", overview.show_overview, name="overview"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.ask_for_code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("set-up/<str:token>/", set_up.set_up, name="set_up"),
    path("accounts/", accounts.show_accounts, name="accounts"),
    path("accounts/<slug:serial>/", account.show_account, name="account"),
    path("accounts/<slug:serial>/view", viewing.view_as, name="view_as"),
    path("accounts/<slug:serial>/do/<slug:name>", deeds.show_deed, name="deed"),
    path("accounts/<slug:serial>/certificate.<slug:kind>", closures.send_certificate, name="certificate"),
    path("accounts/<slug:serial>/documents/<uuid:document_id>/", documents.show_document, name="document"),
    path("closures/", closures.show_closures, name="closures"),
    path("waiting/", deeds.show_waiting, name="waiting"),
    path("waiting/<uuid:deed_id>/", deeds.show_asked, name="asked"),
    path("waiting/<uuid:deed_id>/decision", deeds.decide, name="decide"),
    path("profile/", profile.show_profile, name="profile"),
    path("profile/recovery-codes", profile.new_recovery_codes, name="new_recovery_codes"),
    path("transfers/", transfers.show_transfers, name="transfers"),
    path("transfers/import", transfers.import_file, name="import_statement"),
    path("transfers/<uuid:transfer_id>/", transfers.decide, name="transfer"),
    path("transfers/<uuid:transfer_id>/again", transfers.take_up, name="take_up_transfer"),
    path("sent-mail/", sent_mail.show_sent_mail, name="sent_mail"),
    path("sent-mail/<uuid:message_id>/", sent_mail.show_message, name="message"),
    path("sent-mail/<uuid:message_id>/letter", sent_mail.show_letter, name="letter"),
    path("sent-mail/<uuid:message_id>/again", sent_mail.send_again, name="send_again"),
    path("staff/", staff.show_staff, name="staff"),
    path("staff/new", staff.new_member, name="new_member"),
    path("staff/<uuid:member_id>/", staff.change_member, name="member"),
    path("staff/<uuid:member_id>/link", staff.new_link, name="new_link"),
    path("staff/<uuid:member_id>/end", staff.end_access, name="end_access"),
]
