using Augur.Caching;
using Augur.Models.Dit;

namespace Augur.Replay;

/// <summary>A caching method whose saved runs hold more than settings: tables, random draws, choices.</summary>
internal interface IReplayedMethod
{
    /// <summary>The method with the settings of the run.</summary>
    ICachePolicy Policy { get; }

    /// <summary>Compares what the method did with the saved data, after the run.</summary>
    /// <param name="model">The network's sizes.</param>
    /// <param name="outcomes">The outcome of each call of the first sample.</param>
    /// <param name="compare">Collects the differences.</param>
    void Compare(DitConfig model, IReadOnlyList<CallOutcome> outcomes, Comparison compare);
}
