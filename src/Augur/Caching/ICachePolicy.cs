namespace Augur.Caching;

/// <summary>A caching method with its settings: immutable, shared by any number of runs.</summary>
public interface ICachePolicy
{
    /// <summary>The method's name and the settings that differ from its defaults, as the command line writes them.</summary>
    string Name { get; }

    /// <summary>
    /// Whether all samples that begin together share one decision and one memory. Then a sample's picture depends on its neighbours, as it does
    /// in released code that takes one scalar over the batch. Default: every sample decides for itself.
    /// </summary>
    bool DecidesForBatch => false;

    /// <summary>
    /// Whether its forecasts were fitted to just such runs, so that long runs of drafts are what was measured and need no remark. Default: not.
    /// </summary>
    bool IsFitted => false;

    /// <summary>What the method remembers of one sample (or of one batch that decides together), with nothing remembered yet.</summary>
    /// <exception cref="ArgumentException">The settings do not fit the run; the message names the setting and the run's figure.</exception>
    ISampleMemory Open(RunInfo run);
}
