using System.Globalization;

namespace Augur.Tuning;

/// <summary>The computed calls that <see cref="MeanCacheFitting"/> found.</summary>
/// <param name="Computed">Ascending from 0.</param>
/// <param name="Calls">Network calls of a run.</param>
/// <param name="Steps">Computed calls from which the mean velocity is taken; 1: the last answer is repeated.</param>
public sealed record MeanCacheFit(IReadOnlyList<int> Computed, int Calls, int Steps)
{
    /// <summary>The policy, as the command line writes it.</summary>
    public string Policy => string.Create(
        CultureInfo.InvariantCulture, $"meancache(schedule=list({string.Join('-', Computed)},of={Calls}),steps={Steps})");
}
