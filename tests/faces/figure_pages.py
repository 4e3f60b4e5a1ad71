"""Reading the tables of the console's figures."""

import html5lib


def cells_of(answer, table="."):
    """Return a table's cells that hold a number: text and address, by row and heading."""
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    found = []
    for row in page.findall(f".//table[caption='{table}']//tbody/tr" if table != "." else ".//tbody/tr"):
        cells = {}
        for cell in row.findall("td"):
            link = cell.find("a")
            text = "".join(cell.itertext()).strip()
            cells[cell.get("data-label")] = (text, "" if link is None else link.get("href"))
        found.append(("".join(row.find("th").itertext()).strip(), cells))
    return found
