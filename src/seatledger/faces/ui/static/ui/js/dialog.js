// Opens a link marked [data-dialog] in a dialog over the page. The link leads to a whole page of its own,
// whose [data-dialog-part] is what the dialog shows; a refused form is shown again in place, and any other
// answer becomes the page. Without this file, or when anything fails, the browser simply follows the link.
{
  const PART = "[data-dialog-part]";
  const FIRST = "[data-error-summary], [autofocus], input:not([type=hidden]):enabled, select, textarea, [data-close]";
  let replaced = false;

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");

  const announce = () => document.dispatchEvent(new CustomEvent("ui:shown"));

  const show = (dialog, part) => {
    const close = document.getElementById("dialog-close").content.cloneNode(true);
    dialog.replaceChildren(part, close);
    globalThis.htmx?.process(part);
    announce();
    part.querySelector(FIRST)?.focus();
  };

  // A message is announced only when it arrives in a place that was there before it. Its room is kept meanwhile: what
  // moved away under a pointer would not be what is clicked.
  const sayAgain = () => {
    const place = document.getElementById("messages");
    if (!place?.childElementCount) return;
    const said = [...place.children];
    place.style.minHeight = `${place.offsetHeight + Number.parseFloat(getComputedStyle(place).marginBlockEnd)}px`;
    place.replaceChildren();
    setTimeout(() => {
      place.append(...said);
      place.style.minHeight = "";
    }, 100);
  };

  const becomePage = async (answer) => {
    const fresh = parse(await answer.text());
    const page = fresh.getElementById("page");
    if (!page && answer.redirected) return location.assign(answer.url);
    document.title = fresh.title;
    if (page) document.getElementById("page").replaceWith(page);
    else document.body.replaceWith(fresh.body);
    if (answer.url !== location.href) history.pushState({}, "", answer.url);
    replaced = true;
    globalThis.htmx?.process(document.body);
    announce();
    document.getElementById("main").focus({ preventScroll: true });
    return sayAgain();
  };

  const send = async (dialog, form, submitter) => {
    // A form without an action belongs to the page it came from, which is not the page under the dialog.
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
    const answer = await fetch(new URL(action, dialog.dataset.url), { method: "POST", body: new FormData(form, submitter) });
    const part = answer.status === 422 && parse(await answer.clone().text()).querySelector(PART);
    if (part) return show(dialog, part);
    dialog.close();
    return becomePage(answer);
  };

  const submit = (event) => {
    const dialog = event.currentTarget;
    if (event.target.getAttribute("method") !== "post") return;
    event.preventDefault();
    if (dialog.ariaBusy === "true") return;
    dialog.ariaBusy = "true";
    send(dialog, event.target, event.submitter)
      // Whether it arrived is not known, so it is not sent again: the page shows what became of it.
      .catch(() => location.reload())
      .finally(() => (dialog.ariaBusy = "false"));
  };

  const newDialog = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", "dialog-title");
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("submit", submit);
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-close]")) return;
      event.preventDefault();
      dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  };

  const open = async (link) => {
    const answer = await fetch(link.href);
    const part = answer.ok && parse(await answer.text()).querySelector(PART);
    if (!part) return location.assign(link.href);
    const dialog = link.closest("dialog") ?? newDialog();
    dialog.dataset.url = answer.url;
    return show(dialog, part);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented) return;
    event.preventDefault();
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    open(link)
      .catch(() => location.assign(link.href))
      .finally(() => (link.ariaBusy = null));
  });

  addEventListener("popstate", () => {
    if (replaced) location.reload();
  });
}
