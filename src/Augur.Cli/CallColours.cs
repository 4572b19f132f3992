using Augur.Pipelines;

namespace Augur.Cli;

/// <summary>A colour per kind of call, told apart also by eyes that see fewer colours (after Okabe and Ito's palette).</summary>
internal static class CallColours
{
    /// <summary>Style rules that fill what has a mark's letter as its class.</summary>
    public static string Css { get; } = string.Join('\n', CallMark.All.Select(m => $".{m.Letter} {{ fill: {Of(m)}; }}"));

    /// <summary>#rrggbb.</summary>
    public static string Of(CallMark mark) => mark.Letter switch
    {
        'C' => "#0072b2",
        'd' => "#a6c8dd",
        'a' => "#009e73",
        'R' => "#d55e00",
        't' => "#e6b400",
        _ => "#cc79a7",
    };
}
