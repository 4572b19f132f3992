namespace Augur.Tuning;

/// <summary>Measures policies on a set of requests, by comparison with the uncached samples, which are made once.</summary>
public interface ICalibration
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Number of network calls of a sample.</summary>
    /// <param name="onUncached">Called with the share of an uncached sample that was made since the last call; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="InvalidDataException">A latent is not finite.</exception>
    Task<int> CallCountAsync(Action<double>? onUncached, CancellationToken cancellationToken);

    /// <summary>Makes some of the samples under a policy and compares them.</summary>
    /// <param name="policy">In the catalog's notation, such as <c>speca(order=4)</c>; of texts a way to write.</param>
    /// <param name="skip">Number of samples to skip at the beginning.</param>
    /// <param name="take">Number of samples to make.</param>
    /// <param name="onUncached">Called with the share of an uncached sample that was made since the last call; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    /// <exception cref="ArgumentException">The policy is unknown or does not fit the model.</exception>
    /// <exception cref="InvalidDataException">The latent of an uncached sample is not finite.</exception>
    Task<Trial> MeasureAsync(string policy, int skip, int take, Action<double>? onUncached, CancellationToken cancellationToken);
}
