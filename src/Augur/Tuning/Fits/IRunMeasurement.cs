namespace Augur.Tuning;

/// <summary>Something that is measured on uncached runs of a model, for a method that must know it before it can run.</summary>
/// <typeparam name="TFit">What is found.</typeparam>
public interface IRunMeasurement<out TFit>
{
    /// <summary>Network calls of a run.</summary>
    int CallCount { get; }

    /// <summary>Network calls (of one sample) that the measurement makes.</summary>
    long TotalCalls { get; }

    /// <summary>Measures.</summary>
    /// <param name="onCalls">Called with the number of network calls done since the last call.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per call of a run.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ArgumentException">Nothing could be measured, or something was not finite.</exception>
    TFit Run(Action<int> onCalls, CancellationToken cancellationToken);
}
