using Augur.Pipelines;

namespace Augur.Cli;

/// <summary>A colour per kind of call, told apart also by eyes that see fewer colours (after Okabe and Ito's palette).</summary>
internal static class CallColours
{
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
