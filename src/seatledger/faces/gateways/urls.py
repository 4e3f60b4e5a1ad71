"""The addresses below /gateways/. Anybody may ask for them; what each needs instead of a sign-in is said beside it."""

from django.urls import path

from seatledger.faces.gateways import notices, sandbox

app_name = "gateways"
urlpatterns = [
    path("<slug:gateway>/notices", notices.take_in, name="notices"),
    path("sandbox/setups/<str:reference>", sandbox.enter_number, name="sandbox_setup"),
    path("sandbox/charges/<str:reference>", sandbox.answer_bank, name="sandbox_charge"),
]
