// Turns the sections of a [data-tabset] into tabs. Without this file they simply follow one another.
{
  const select = (tabs, chosen) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
    }
  };

  const tabFor = (section) => {
    const tab = document.createElement("button");
    const heading = section.querySelector("h2, h3");
    tab.type = "button";
    tab.id = `${section.id}-tab`;
    tab.textContent = heading.textContent;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", section.id);
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", tab.id);
    heading.classList.add("visually-hidden");
    return tab;
  };

  const neighbour = (tabs, tab, key) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (key === "Home") return tabs[0];
    if (key === "End") return tabs.at(-1);
    return step && tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  };

  const enhance = (tabset) => {
    const sections = [...tabset.querySelectorAll(":scope > section")];
    const tabs = sections.map(tabFor);
    const list = document.createElement("div");
    list.className = "tabs";
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", tabset.dataset.tabset);
    list.append(...tabs);
    tabset.prepend(list);
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) select(tabs, tab);
    });
    list.addEventListener("keydown", (event) => {
      const next = neighbour(tabs, event.target, event.key);
      if (!next) return;
      event.preventDefault();
      select(tabs, next);
      next.focus();
    });
    const troubled = sections.findIndex((section) => section.querySelector("[data-invalid]"));
    select(tabs, tabs[Math.max(troubled, 0)]);
    tabset.removeAttribute("data-tabset");
  };

  const enhanceAll = () => document.querySelectorAll("[data-tabset]").forEach(enhance);
  document.addEventListener("ui:shown", enhanceAll);
  document.addEventListener("htmx:afterSettle", enhanceAll);
  enhanceAll();
}
