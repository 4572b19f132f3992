"""Writes CompositionTables.g.cs, the part of the Unicode Character Database that canonical composition needs.

    python3 tools/unicode/composition_tables.py > src/Augur/Conditioning/Text/Tokenization/CompositionTables.g.cs

Python brings the database along; its version stands in the first line of the result.
"""

import unicodedata as u


def array(name, doc, values):
    lines, line = [], "        "
    for value in values:
        text = f"0x{value:X}, " if value > 9 else f"{value}, "
        if len(line) + len(text) > 149:
            lines.append(line.rstrip())
            line = "        "
        line += text
    lines.append(line.rstrip())
    return "\n".join([f"    /// <summary>{doc}</summary>", f"    public static ReadOnlySpan<int> {name} =>", "    [", *lines, "    ];"])


composed, decomposed, classes, widths = [], [], [], []
for code in range(0x110000):
    if 0xD800 <= code < 0xE000 or 0xAC00 <= code < 0xD7A4:  # surrogates; Hangul, which is computed
        continue
    parts = u.decomposition(chr(code))
    if parts and not parts.startswith("<"):
        parts = [int(part, 16) for part in parts.split()]
        if len(parts) == 2 and u.normalize("NFC", chr(code)) == chr(code):
            composed += [code, *parts]
        else:
            decomposed += [code, *parts] + ([0] if len(parts) == 1 else [])
    order = u.combining(chr(code))
    if order and classes and classes[-1][1:] == [code - 1, order]:
        classes[-1][1] = code
    elif order:
        classes.append([code, code, order])
for code in range(0xFF01, 0xFFEF):
    stands = u.normalize("NFKC", chr(code))
    widths.append(ord(stands[0]) | (ord(stands[1]) << 16 if len(stands) > 1 else 0))

print(f"// Made from the Unicode Character Database (version {u.unidata_version}): canonical decompositions, combining classes, and forms of width.")
print("namespace Augur.Conditioning.Text.Tokenization;\n")
print("/// <summary>What canonical composition needs of the Unicode Character Database.</summary>")
print("internal static class CompositionTables\n{")
print("\n\n".join([
    array("Composed", "Character, first and second part, for those that composition makes.", composed),
    array("Decomposed", "Character, first and second part (0: none), for those that are taken apart and never made.", decomposed),
    array("Classes", "First and last character of a run, and its combining class.", [value for run in classes for value in run]),
    array("Widths", "What the half and full width forms from U+FF01 to U+FFEE stand for; a second character in the upper half.", widths),
]))
print("}")
