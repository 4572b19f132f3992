using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Augur;

/// <summary>What every public entry asks of its arguments.</summary>
internal static class Arguments
{
    /// <returns>The argument.</returns>
    /// <exception cref="ArgumentNullException">It is null; names the parameter.</exception>
    public static T NotNull<T>([NotNull] this T? argument, [CallerArgumentExpression(nameof(argument))] string? parameter = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, parameter);
        return argument;
    }
}
