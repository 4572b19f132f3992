using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>A caching method that a text can name, with its settings.</summary>
public abstract class CachePolicy<TOptions> : ICachePolicy
    where TOptions : class, new()
{
    private readonly SettingList<TOptions> _settings;
    private string? _name; // the engine groups by it at every tick

    private protected CachePolicy(SettingList<TOptions> settings, TOptions? options) => (_settings, Options) = (settings, options ?? new());

    /// <summary>The settings.</summary>
    public TOptions Options { get; }

    /// <inheritdoc/>
    public string Name => _name ??= _settings.Format(Options);

    /// <inheritdoc/>
    public virtual bool DecidesForBatch => false;

    /// <inheritdoc/>
    public virtual bool IsFitted => false;

    /// <inheritdoc/>
    public abstract ISampleMemory Open(RunInfo run);
}
