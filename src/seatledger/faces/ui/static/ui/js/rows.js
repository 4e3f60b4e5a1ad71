// "Select all" and the count of selected rows, for tables whose rows carry [data-select-row].
{
  const rowsOf = (table) => [...table.querySelectorAll("[data-select-row]")];

  const showSelection = (table) => {
    const rows = rowsOf(table);
    const selected = rows.filter((row) => row.checked).length;
    const all = table.querySelector("[data-select-all]");
    if (all) {
      all.checked = selected > 0 && selected === rows.length;
      all.indeterminate = selected > 0 && selected < rows.length;
    }
    const bar = document.querySelector(`[data-bulk="${table.id}"]`);
    if (!bar) return;
    bar.dataset.selected = selected;
    const count = bar.querySelector("[data-selected-count]");
    if (count) count.textContent = selected ? `${selected} selected` : "None selected";
    for (const button of bar.querySelectorAll("button")) button.disabled = selected === 0;
  };

  const showAll = () => {
    for (const table of document.querySelectorAll("table:has([data-select-row])")) showSelection(table);
  };

  document.addEventListener("change", (event) => {
    const table = event.target.closest("table");
    if (!table || !event.target.matches("[data-select-row], [data-select-all]")) return;
    if (event.target.matches("[data-select-all]")) {
      for (const row of rowsOf(table)) row.checked = event.target.checked;
    }
    showSelection(table);
  });

  document.addEventListener("ui:shown", showAll);
  document.addEventListener("htmx:afterSettle", showAll);
  addEventListener("pageshow", showAll);
  showAll();
}
