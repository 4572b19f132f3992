using System.Collections.Concurrent;
using Augur.Caching;
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

    /// <summary>Answers in the network's place.</summary>
    public Func<NetworkInput, IFeatureDoor, Tensor>? Answer { get; init; }

    /// <summary>Stands between the network and its door.</summary>
    public Func<IFeatureDoor, IFeatureDoor>? Door { get; init; }

    public Prediction Prediction { get; init; } = inner.Prediction;

    public string Name => inner.Name;

    public IBackend Backend => inner.Backend;

    public Shape LatentShape => inner.LatentShape;

    /// <summary>Conditions that were encoded so far, in order.</summary>
    public ConcurrentQueue<Condition> Encoded { get; } = new();

    public GuidedRows Guide(Condition condition, Guidance guidance) => inner.Guide(condition, guidance);

    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions)
    {
        foreach (var condition in conditions)
        {
            Encoded.Enqueue(condition);
        }

        return inner.Encode(conditions);
    }

    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows) => inner.Describe(latent, rows);

    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        Calls.Enqueue(input.Latents.Shape[0]);
        Before?.Invoke(Calls.Count);
        var seen = !IsStill ? input : input with
        {
            Latents = Tensor.Full(Backend, input.Latents.Shape, 0.5f),
            Timesteps = [.. Enumerable.Repeat(500f, input.Timesteps.Count)],
        };
        var output = (Answer ?? inner.Predict)(seen, Door?.Invoke(door) ?? door);
        return After?.Invoke(Calls.Count, output) ?? output;
    }

    public void Dispose() => inner.Dispose();
}
