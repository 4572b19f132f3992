using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>Which caching method a request gets, and why.</summary>
/// <param name="Policy">The method; none computes every call.</param>
/// <param name="Reason">
/// For people, without a full stop: <c>as asked</c>, <c>quality "high"</c>, <c>every call is computed: this model has no profile</c>.
/// </param>
public sealed record PolicyChoice(ICachePolicy Policy, string Reason)
{
    /// <summary>The reason where a request names its method itself.</summary>
    public const string AsAsked = "as asked";

    /// <summary>The file of the profile that the method comes from; null: it comes from none.</summary>
    public string? Profile { get; init; }

    /// <summary>What of the profile's figures does not hold for this run, without a full stop; null: nothing.</summary>
    public string? Note { get; init; }
}
