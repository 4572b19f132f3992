using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// Runs a sampler's loop from one network call to the next. The loop is an iterator: it yields a <see cref="SamplerQuestion"/>, and after the yield
/// it reads the <see cref="NetworkAnswer"/>. From one yield to the next there is one <see cref="TensorScope"/>; only the tensors of the question
/// outlive it.
/// </summary>
internal sealed class SamplerRun : ISamplerRun
{
    private readonly IEnumerator<SamplerQuestion> _loop;
    private readonly NetworkAnswer _answer = new();
    private SamplerQuestion _question;
    private readonly bool _readsLists;
    private bool _failed;

    /// <summary>Starts the loop and runs it up to its first question.</summary>
    /// <param name="noise">The starting latent [1, …]; copied.</param>
    /// <param name="steps">Steps of the run.</param>
    /// <param name="calls">Questions that the loop will ask before its result, at most.</param>
    /// <param name="loop">The sampler's loop, given the starting latent and the object in which it finds each answer.</param>
    /// <param name="readsLists">Whether the answer has a list of numbers for each cell of the latent, on an axis more.</param>
    public SamplerRun(
        Tensor noise, int steps, int calls, Func<Tensor, NetworkAnswer, IEnumerable<SamplerQuestion>> loop, bool readsLists = false)
    {
        (StepCount, CallCount, _readsLists) = (steps, calls, readsLists);
        using (TensorScope.Begin())
        {
            _loop = loop(noise.Copy(), _answer).GetEnumerator();
            _question = Next();
            Retain(_question);
        }
    }

    public int CallCount { get; private set; }

    public int CallIndex { get; private set; }

    public int StepIndex => _question.Step;

    public int StepCount { get; }

    public bool IsFinished => CallIndex == CallCount;

    public float Timestep => _question.Timestep;

    public double Sigma => _question.Sigma;

    public double NoiseToSignal => _question.NoiseToSignal;

    public (int First, int Count)? Focus => _question.Focus;

    public bool FollowsAnswers { get; init; } = true;

    public Tensor Latent => _question.Latent;

    public Tensor? Estimate => _question.Estimate;


    public void Advance(Tensor output, Tensor? variance, INoiseSource noise)
    {
        if (IsFinished || _failed)
        {
            throw new InvalidOperationException(_failed
                ? $"The run failed at call {CallIndex} of {CallCount}; it takes no further answer."
                : $"The run has had its {CallCount} calls; it takes no further answer.");
        }

        RequireShape(output, "network output", _readsLists);
        if (variance is not null)
        {
            RequireShape(variance, "learned variance");
        }

        _failed = true; // until the step has succeeded: an iterator that threw cannot go on
        _answer.Set(output, variance, noise, $"Step {StepIndex} of {StepCount}");
        try
        {
            using var scope = TensorScope.Begin();
            var next = Next();
            Retain(next);
            Release(except: next);
            _question = next;
        }
        finally
        {
            _answer.Set(null, null, null, "");
        }

        (CallIndex, _failed) = (CallIndex + 1, false);
        CallCount = _question.Step == StepCount ? CallIndex : CallCount; // the result may come before its time
    }

    public void Dispose()
    {
        _loop.Dispose();
        Release(except: null);
    }

    private SamplerQuestion Next() => _loop.MoveNext() ? _loop.Current
        : throw new InvalidOperationException($"The sampler's loop ended at call {CallIndex} of {CallCount} without a result.");

    private void Retain(SamplerQuestion question)
    {
        foreach (var tensor in question.Tensors)
        {
            if (_answer.Owns(tensor) && !_question.Tensors.Contains(tensor))
            {
                throw new InvalidOperationException("A sampler keeps the network's own tensor; it copies what it keeps.");
            }

            tensor.Retain();
        }
    }

    private void Release(SamplerQuestion? except)
    {
        foreach (var tensor in _question.Tensors.Except(except?.Tensors ?? []))
        {
            tensor.Dispose();
        }
    }

    private void RequireShape(Tensor tensor, string role, bool isList = false)
    {
        if (isList ? tensor.Shape.Rank != Latent.Shape.Rank + 1 || tensor.Shape.Product(0, Latent.Shape.Rank) != Latent.Shape.ElementCount
            : tensor.Shape != Latent.Shape)
        {
            throw new ArgumentException($"Advance: the {role} {tensor.Shape} and the latent {Latent.Shape} differ.");
        }
    }
}
