using System.Runtime.ExceptionServices;
using Augur.Caching;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// The trajectories that one memory answers for: a single sample, or all samples of a batch whose method decides for the batch. Those stand at
/// the same call, and their rows are neighbours. What fails of them fails the group, and no other.
/// </summary>
internal sealed class DecisionGroup : IDisposable
{
    private readonly List<string?> _notes = []; // of the memories before
    private readonly Func<int, GuardedMemory> _open; // for so many rows of each sample
    private GuardedMemory _memory;
    private Exception? _failure;
    private bool _isDisposed;

    private DecisionGroup(Func<int, GuardedMemory> open, string policyName, IReadOnlyList<Trajectory> trajectories)
    {
        (_open, PolicyName, Trajectories) = (open, policyName, trajectories);
        RowCount = trajectories.Sum(t => t.RowCount);
        if (trajectories[0].OtherRowCount is { } other)
        {
            open(other).Dispose(); // what does not fit those rows is refused before the run begins
        }

        _memory = open(trajectories[0].RowCount);
    }

    /// <summary>What the method had to give up; null: nothing.</summary>
    public string? Note => string.Join("; ", _notes.Append(_memory.Note).OfType<string>().Distinct()) is { Length: > 0 } all ? all : null;

    public string PolicyName { get; }

    public IReadOnlyList<Trajectory> Trajectories { get; }

    /// <summary>Rows of the network's batch that the call takes which has begun, or will begin next.</summary>
    public int RowCount { get; private set; }

    /// <summary>Of the network, the same for all.</summary>
    public NetworkMap Map => Trajectories[0].Map;

    /// <summary>What the call that has begun is to be.</summary>
    public CallPlan Plan { get; private set; } = CallPlan.Compute;

    public bool IsFinished => Trajectories[0].Run.IsFinished;

    /// <summary>What ended the group before its time, the first if there were several; null: nothing. The next calls are made without it.</summary>
    public Exception? Failure => _failure ?? _memory.Failure;

    /// <summary>The most bytes that kept features have taken.</summary>
    public long PeakCacheBytes { get; private set; }

    /// <summary>The rejection that the call now begun is the answer to.</summary>
    public CallOutcome? Rejection { get; private set; }

    /// <summary>
    /// Who answers in the call that has begun, for how many rows each: one memory for all, or one for each guidance row that is run.
    /// </summary>
    public IReadOnlyList<(ISampleMemory Memory, int RowCount)> Parts { get; private set; } = [];

    /// <summary>What the network sees of each sample in the call that has begun.</summary>
    public IReadOnlyList<SampleInput> Inputs { get; private set; } = [];

    /// <summary>Opens a policy for samples that begin together.</summary>
    /// <exception cref="ArgumentException">The policy does not fit the run.</exception>
    public static DecisionGroup Open(ICachePolicy policy, IReadOnlyList<Trajectory> trajectories, long seed, long? cacheBudget, IBackend backend)
    {
        var name = policy.Name;
        var run = new RunInfo
        {
            Map = trajectories[0].Map,
            CallCount = trajectories[0].Run.CallCount,
            StepCount = trajectories[0].Run.StepCount,
            Region = trajectories[0].Region,
            RowCount = trajectories.Sum(t => t.RowCount),
            AddsNoise = trajectories[0].AddsNoise,
            Path = trajectories[0].Path,
            Sampler = trajectories[0].Sampler,
            Guidance = trajectories[0].Guidance,
            Seed = seed,
            MemoryBudget = cacheBudget,
        };
        return new DecisionGroup(Opened, name, trajectories);

        GuardedMemory Opened(int rows)
        {
            var told = run with { RowCount = rows * trajectories.Count, RowsPerSample = rows };
            var memory = policy.Open(told) ?? throw new InvalidOperationException($"Policy {name} opens no memory for a run.");
            return new GuardedMemory(memory, name, told, backend);
        }
    }

    /// <summary>The next call begins: which batch does it join? Of no account if the group has failed.</summary>
    public CallPlan Begin()
    {
        Try(() =>
        {
            Inputs = [.. Trajectories.Select(t => t.Begin())];
            var isNew = HasOtherRows();
            Plan = _memory.Begin(Trajectories[0].Call(mustCompute: isNew || Rejection is not null));
            Parts = _memory.Rows is { } rows ? [.. rows.Select(row => (row, 1))] : [(_memory, RowCount)];
            Inputs = Parts.Count == 1 && Parts[0].RowCount == RowCount ? Inputs
                : [Inputs[0] with { Conditions = [.. Inputs[0].Conditions.Take(Parts.Count)] }];
        });
        return Plan;
    }

    // Where guidance begins or ends to act, rows join or leave. What was kept is of other rows, so that the method begins anew, with a computed call.
    private bool HasOtherRows()
    {
        var rows = Inputs.Sum(input => input.RowCount);
        if (rows == RowCount)
        {
            return false;
        }

        var begun = _open(Trajectories[0].RowCount);
        _notes.Add(_memory.Note);
        _memory.Dispose();
        _failure ??= _memory.Failure;
        (_memory, RowCount) = (begun, rows);
        return true;
    }

    /// <summary>The answer for all rows, given that of those which were run.</summary>
    public Tensor Complete(Tensor answer) => Parts.Sum(part => part.RowCount) == RowCount && Parts.Count == 1 ? answer : _memory.Complete(answer);

    /// <summary>The network has answered. Null: the draft was rejected, and the same call begins again.</summary>
    /// <exception cref="InvalidOperationException">The policy rejects a call that was no draft.</exception>
    public CallOutcome? End()
    {
        var outcome = _memory.End();
        PeakCacheBytes = Math.Max(PeakCacheBytes, _memory.ByteCount);
        if (outcome.Kind == CallKind.Rejected)
        {
            Rejection = Plan.IsDraft ? outcome
                : throw new InvalidOperationException($"Policy {PolicyName} rejects a call that was computed; only a draft can be rejected.");
            return null;
        }

        var final = Rejection ?? outcome; // a rejected call stays on record as one
        Rejection = null;
        return final;
    }

    /// <summary>Ends the group for this reason, unless there is an earlier one.</summary>
    public void Fail(Exception problem) => _failure ??= _memory.Failure ?? problem;

    /// <summary>Does something for this group alone: what it throws is the group's failure.</summary>
    public void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception problem)
        {
            Fail(problem);
        }
    }

    /// <summary>For callers who run one group and want its failure thrown.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is { } problem)
        {
            ExceptionDispatchInfo.Throw(problem);
        }
    }

    /// <summary>Gives all memory back; what fails in that is the group's failure.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _memory.Dispose();
        foreach (var trajectory in Trajectories)
        {
            Try(trajectory.Dispose);
        }
    }
}
