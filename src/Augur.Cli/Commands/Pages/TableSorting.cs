namespace Augur.Cli.Commands.Pages;

/// <summary>Sorts the tables of a page by the column whose title is clicked. The page reads the same without it.</summary>
internal static class TableSorting
{
    public const string Script = """
        <script>
        for (const table of document.querySelectorAll('.wide table')) {
          const titles = [...table.tHead.rows[0].cells], body = table.tBodies[0], rows = [...body.rows];
          titles.forEach((title, column) => {
            const value = row => { const n = parseFloat(row.cells[column].textContent); return isNaN(n) ? -Infinity : n; };
            const order = column === 0 ? (a, b) => rows.indexOf(a) - rows.indexOf(b) : (a, b) => value(b) - value(a);
            const sort = () => {
              const first = title.getAttribute('aria-sort') !== 'descending';
              titles.forEach(t => t.removeAttribute('aria-sort'));
              title.setAttribute('aria-sort', first ? 'descending' : 'ascending');
              body.append(...[...rows].sort(first ? order : (a, b) => order(b, a)));
            };
            title.tabIndex = 0;
            title.addEventListener('click', sort);
            title.addEventListener('keydown', e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); sort(); } });
          });
        }
        </script>

        """;
}
