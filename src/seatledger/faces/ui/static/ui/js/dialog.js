// Opens a link marked [data-dialog] in a dialog over the page. The link leads to a whole page of its own,
// whose [data-dialog-part] is what the dialog shows; a refused form is shown again in place, and any other
// answer becomes the page. Without this file, or when anything fails, the browser simply follows the link.
{
  const PART = "[data-dialog-part]";

  const partOf = (html) => new DOMParser().parseFromString(html, "text/html").querySelector(PART);

  const announce = () => document.dispatchEvent(new CustomEvent("ui:shown"));

  const closeButton = () => document.getElementById("dialog-close").content.cloneNode(true);

  const show = (dialog, part) => {
    dialog.replaceChildren(part, closeButton());
    globalThis.htmx?.process(part);
    announce();
    const first = part.querySelector("[data-error-summary], [autofocus], input:not([type=hidden]), select, textarea");
    first?.focus();
  };

  const becomePage = async (answer) => {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const page = fresh.querySelector("#page");
    if (!page) return location.assign(answer.url);
    document.title = fresh.title;
    document.getElementById("page").replaceWith(page);
    if (answer.url !== location.href) history.pushState({ reload: true }, "", answer.url);
    globalThis.htmx?.process(page);
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: {} }));
    document.getElementById("main").focus({ preventScroll: true });
  };

  const send = async (dialog, form, submitter) => {
    const data = new FormData(form, submitter);
    dialog.setAttribute("aria-busy", "true");
    const answer = await fetch(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action, { method: "POST", body: data });
    dialog.removeAttribute("aria-busy");
    if (answer.status === 422) return show(dialog, partOf(await answer.text()));
    dialog.close();
    return becomePage(answer);
  };

  const open = async (link) => {
    const answer = await fetch(link.href);
    const part = answer.ok && partOf(await answer.text());
    if (!part) return location.assign(link.href);
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", "dialog-title");
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-close]")) return;
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("submit", (event) => {
      if (event.target.method !== "post") return;
      event.preventDefault();
      // Whether it arrived is not known, so it is not sent again: the page shows what became of it.
      send(dialog, event.target, event.submitter).catch(() => location.reload());
    });
    dialog.showModal();
    return show(dialog, part);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented) return;
    event.preventDefault();
    open(link).catch(() => location.assign(link.href));
  });

  addEventListener("popstate", () => location.reload());
}
