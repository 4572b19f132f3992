namespace Augur.Cli.Commands.Pages;

/// <summary>How pages look, in a light and a dark room.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --line: #d8d8d8; --soft: #f5f5f5; --faint: #595959; }
        @media (prefers-color-scheme: dark) { :root { --line: #444; --soft: #222; --faint: #aaa; } }
        body { margin: 0; font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 1400px; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.5rem; }
        h2 { font-size: 1.2rem; margin-top: 2rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
        p { max-width: 60rem; overflow-wrap: anywhere; }
        code { font-size: .9em; overflow-wrap: anywhere; background: var(--soft); padding: .1em .3em; }
        .wide, .row { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; font-weight: normal; }
        thead th { color: var(--faint); cursor: pointer; }
        thead th:hover, thead th:focus-visible { color: inherit; text-decoration: underline; }
        th[aria-sort=descending]::after { content: " ▾"; }
        th[aria-sort=ascending]::after { content: " ▴"; }
        tbody th { white-space: normal; overflow-wrap: anywhere; min-width: 9rem; max-width: 22rem; }
        .wide th:first-child { position: sticky; left: 0; background: Canvas; }
        .hint { color: var(--faint); font-size: .85rem; }
        .hint span { display: none; }
        @media (max-width: 80rem) { .hint span { display: inline; } }
        @media (max-width: 40rem) { main { padding: .8rem; } tbody th { min-width: 7rem; max-width: 9rem; } }
        th:first-child { text-align: left; }
        tbody tr:hover, tbody tr:hover th { background: var(--soft); }
        .row { display: flex; gap: 1rem; }
        figure { margin: 0; flex: none; }
        figure img { display: block; width: 100%; image-rendering: pixelated; margin-bottom: 2px; }
        figcaption { font-size: .8rem; color: var(--faint); overflow-wrap: anywhere; }
        .strip { display: block; width: 100%; height: 20px; margin: 4px 0; background: var(--soft); shape-rendering: crispEdges; }
        .legend span { margin-right: 1.2rem; }
        .swatch { width: 10px; height: 20px; vertical-align: middle; }
        """;
}
