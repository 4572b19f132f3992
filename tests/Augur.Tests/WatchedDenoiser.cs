using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Models;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests;

/// <summary>A network that is watched: how many rows each call had, and what stands between it and its door.</summary>
internal sealed class WatchedDenoiser(INetwork inner) : INetwork
{
    /// <summary>Rows of each network call so far, in order.</summary>
    public ConcurrentQueue<int> Calls { get; } = new();

    /// <summary>Is called before each call with its number, from 1; may throw.</summary>
    public Action<int>? Before { get; init; }

    /// <summary>Is shown each call's number, from 1, and its answer, and says what the caller gets.</summary>
    public Func<int, Tensor, Tensor>? After { get; init; }

    /// <summary>Whether it sees the same latent at the same time in every call, so that its answers depend on the labels alone.</summary>
    public bool IsStill { get; init; }

    /// <summary>Stands between the network and its door.</summary>
    public Func<IFeatureDoor, IFeatureDoor>? Door { get; init; }

    public Prediction Prediction { get; init; } = inner.Prediction;

    public string Name => inner.Name;

    public IBackend Backend => inner.Backend;

    public int Depth => inner.Depth;

    public Shape LatentShape => inner.LatentShape;

    /// <summary>Is called before it says its stream's shape; may throw.</summary>
    public Action? BeforeStreamShape { get; init; }

    public Shape StreamShape
    {
        get
        {
            BeforeStreamShape?.Invoke();
            return inner.StreamShape;
        }
    }

    public Shape OutputShape => inner.OutputShape;

    public Shape GridShape => inner.GridShape;

    public int ClassCount => inner.ClassCount;

    public bool LearnsVariance => inner.LearnsVariance;

    public long FlopsPerRow => inner.FlopsPerRow;

    public long FlopsOf(Site site, int tokens) => inner.FlopsOf(site, tokens);

    public Tensor Predict(Tensor latents, ReadOnlySpan<float> timesteps, ReadOnlySpan<int> labels, IFeatureDoor cache)
    {
        Calls.Enqueue(latents.Shape[0]);
        Before?.Invoke(Calls.Count);
        var output = IsStill
            ? inner.Predict(Tensor.Full(Backend, latents.Shape, 0.5f), [.. Enumerable.Repeat(500f, latents.Shape[0])], labels, Door?.Invoke(cache) ?? cache)
            : inner.Predict(latents, timesteps, labels, Door?.Invoke(cache) ?? cache);
        return After?.Invoke(Calls.Count, output) ?? output;
    }

    public void Dispose() => inner.Dispose();
}
