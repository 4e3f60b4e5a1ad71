// The browser knows its time zone; who has touched the field knows better. UTC is what browsers say that hide it.
"use strict";

const field = document.querySelector("input[name=time_zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const offered = [...document.querySelectorAll("#time-zones option")].some((option) => option.value === zone);

if (field && zone !== "UTC" && offered && field.value === field.defaultValue && !document.querySelector("[aria-invalid]")) {
  field.value = zone;
}
