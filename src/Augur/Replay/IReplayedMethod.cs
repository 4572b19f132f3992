using Augur.Caching;
using Augur.Models.Dit;

namespace Augur.Replay;

/// <summary>A method of which a run holds more than settings: tables, draws, choices.</summary>
internal interface IReplayedMethod
{
    /// <summary>The method, set as the run was.</summary>
    ICachePolicy Policy { get; }

    /// <summary>Compares what the method did, once the run is over.</summary>
    /// <param name="model">Sizes of the network.</param>
    /// <param name="outcomes">What each call of the first sample turned out to be.</param>
    /// <param name="compare">Takes the differences.</param>
    void Compare(DitConfig model, IReadOnlyList<CallOutcome> outcomes, Comparison compare);
}
