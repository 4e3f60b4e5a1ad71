// Say in the page what a passkey's failure means; the library only writes to the console.
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.getElementById("messages");
  if (!place) return;
  const message = document.createElement("div");
  message.className = "message";
  message.dataset.tone = "bad";
  const words = document.createElement("p");
  words.textContent = "No passkey was used. Try again, or use another way.";
  message.append(words);
  place.replaceChildren(message);
});
