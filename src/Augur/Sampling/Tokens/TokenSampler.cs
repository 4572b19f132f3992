using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// What samplers of masked diffusion share: a run begins with every token unknown, and each step decides on some of them for good. Model time is the
/// share of tokens that are unknown, times 1000.
/// </summary>
public abstract class TokenSampler : ISampler
{
    /// <summary>What stands in the latent for a token that is not known.</summary>
    public const int Unknown = -1;

    private protected TokenSampler()
    {
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    public virtual bool MayEndEarly => false;

    /// <summary>Where draws come from; null: the sample's noise. For replays.</summary>
    internal Func<ITokenChance>? Chance { get; init; }

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => prediction == Prediction.Tokens;

    /// <inheritdoc/>
    /// <param name="noise">Says how many tokens are written, [1, tokens]; its numbers are not read.</param>
    /// <param name="steps">Network calls, where the settings do not say otherwise.</param>
    /// <param name="prediction"><see cref="Prediction.Tokens"/>.</param>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(noise);
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        if (noise.Shape.Rank != 2)
        {
            throw new ArgumentException($"Sampler {Name} begins with one text [1, tokens], not {noise.Shape}.", nameof(noise));
        }

        var (length, calls) = (noise.Shape[1], CallsFor(noise.Shape[1], steps));
        return new SamplerRun(
            noise,
            calls,
            calls,
            (x, answer) => Walk(new MaskedText(x.Backend, length, calls), Chance?.Invoke() ?? new NormalChance(answer), answer, steps),
            readsLists: true);
    }

    /// <summary>Network calls of a run, at most.</summary>
    /// <exception cref="ArgumentException">The settings do not divide a text of that length.</exception>
    private protected virtual int CallsFor(int length, int steps) => steps;

    /// <summary>The loop.</summary>
    /// <param name="text">Every token unknown.</param>
    /// <param name="chance">For draws.</param>
    /// <param name="answer">What the network said, behind each question.</param>
    /// <param name="steps">As asked for.</param>
    private protected abstract IEnumerable<SamplerQuestion> Walk(MaskedText text, ITokenChance chance, NetworkAnswer answer, int steps);
}

/// <summary>A text of which some tokens are known.</summary>
/// <param name="backend">Where the network is.</param>
/// <param name="length">Tokens.</param>
/// <param name="calls">Calls of the run, at most.</param>
internal sealed class MaskedText(IBackend backend, int length, int calls)
{
    private readonly float[] _tokens = [.. Enumerable.Repeat((float)TokenSampler.Unknown, length)];

    /// <summary>Tokens.</summary>
    public int Length => length;

    /// <summary>Places whose tokens are not known, ascending.</summary>
    public int[] UnknownIn(int first, int count) =>
        [.. Enumerable.Range(first, count).Where(place => _tokens[place] == TokenSampler.Unknown)];

    /// <summary>Decides on a token.</summary>
    public void Write(int place, int token) => _tokens[place] = token;

    /// <summary>A question to the network about the text as it is.</summary>
    public SamplerQuestion Ask(int call, (int First, int Count)? focus = null)
    {
        var share = (double)UnknownIn(0, length).Length / length;
        var latent = Latent();
        return new(call, latent, (float)(1000 * share), share, share / (1 - share))
        {
            Focus = focus,
            Estimate = call == 0 ? null : latent,
        };
    }

    /// <summary>The text as the result of the run.</summary>
    public SamplerQuestion Result()
    {
        var latent = Latent();
        return SamplerQuestion.Result(calls, latent, latent);
    }

    private Tensor Latent() => Tensor.From(backend, _tokens, [1, length]);
}

/// <summary>Logits of some places of a text, on the host.</summary>
/// <param name="values">[places, vocabulary].</param>
/// <param name="vocabulary">Tokens.</param>
internal sealed class TokenLogits(float[] values, int vocabulary)
{
    /// <summary>Tokens that there are.</summary>
    public int Vocabulary => vocabulary;

    /// <summary>Reads those of some places of an answer, with one wait.</summary>
    /// <exception cref="InvalidOperationException">One is NaN or +∞, so that there is no likeliest token; the message names the step.</exception>
    public static TokenLogits Read(NetworkAnswer answer, int[] places)
    {
        using var scope = TensorScope.Begin();
        var (output, tokens) = (answer.Output, answer.Output.Shape[2]);
        var rows = output.Reshape([output.Shape[1], tokens]);
        var values = places.Length == 0 ? [] : rows.GatherRows(IndexTable.From(output.Backend, places)).ToArray();
        return !Array.Exists(values, logit => float.IsNaN(logit) || float.IsPositiveInfinity(logit)) ? new(values, tokens)
            : throw new InvalidOperationException(
                $"{answer.Step}: the network's answer holds NaN or infinity: its weights are damaged or overflow, or a forecast has diverged.");
    }

    /// <summary>Of the place that was given at that position.</summary>
    public ReadOnlySpan<float> At(int index) => values.AsSpan(index * vocabulary, vocabulary);

    /// <summary>The largest; the first of equals.</summary>
    public static int IndexOfLargest(ReadOnlySpan<double> numbers)
    {
        var best = 0;
        for (var i = 1; i < numbers.Length; i++)
        {
            best = numbers[i] > numbers[best] ? i : best;
        }

        return best;
    }

    /// <summary>Positions of the largest numbers, largest first, the first of equals first.</summary>
    public static IEnumerable<int> Largest(IReadOnlyList<double> numbers, int count) =>
        Enumerable.Range(0, numbers.Count).OrderByDescending(i => numbers[i]).Take(count);
}
