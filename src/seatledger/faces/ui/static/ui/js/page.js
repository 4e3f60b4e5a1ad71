// Small comforts of every page: theme, messages, menus, copying. Each works, or is absent, without this file.
{
  const COOKIE = "seatledger_theme";
  const A_YEAR_S = 365 * 24 * 60 * 60;

  const chooseTheme = (theme) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${COOKIE}=${theme}; path=/; max-age=${A_YEAR_S}; samesite=lax${secure}`;
    document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-switch] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  };

  const copyText = async (button) => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.dataset.copied = "";
    const status = document.getElementById("messages");
    const said = Object.assign(document.createElement("p"), { className: "visually-hidden", textContent: "Copied" });
    status?.append(said);
    setTimeout(() => {
      delete button.dataset.copied;
      said.remove();
    }, 2000);
  };

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-dropdown][open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-switch]") || !event.submitter) return;
    event.preventDefault();
    chooseTheme(event.submitter.value);
  });

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-dropdown]"));
    const button = event.target.closest("button");
    if (button?.matches("[data-dismiss]")) button.closest(".message").remove();
    if (button?.matches("[data-copy]")) copyText(button);
  });

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("details[data-dropdown][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // After a refused form, the list of what is wrong is what the reader needs first.
  document.querySelector("[data-error-summary]")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => {
    event.target.querySelector?.("[data-error-summary]")?.focus();
  });
}
