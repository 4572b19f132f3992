using Augur.Caching;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <content>The samples, and what each of them answers.</content>
public sealed partial class FeatureDoorTests
{
    // One of each kind of sample; rows, latents, times and labels are the name's own, so that a sample is the same in any company.
    private Scripted[] Cast() =>
    [
        new("all", 2, _backend),
        new("all, observed", 1, _backend) { Script = _ => Answer.ComputeAndObserve },
        new("all, verified", 2, _backend) { Script = s => IsLast(s) ? Answer.ComputeAndVerify : Answer.Compute },
        new("branches", 2, _backend) { Script = s => s.IsBranch ? Answer.Supply : Answer.Compute },
        new("branches, verified", 2, _backend) { Script = Branches },
        new("branches, sampled", 1, _backend) { Script = Branches, Tokens = s_some },
        new("branches, sampled elsewhere", 2, _backend) { Script = Branches, Tokens = s_others },
        new("block", 1, _backend) { Script = s => IsLast(s) ? Answer.Supply : s.Kind == SiteKind.Block ? Answer.Skip : Answer.Compute },
        new("block, verified", 2, _backend) { Script = Block },
        new("block, sampled more", 2, _backend) { Script = Block, Tokens = s_more },
        new("block, corrected", 2, _backend) { Script = Block, Corrects = true },
        new("span", 1, _backend) { Script = s => s.Kind == SiteKind.Span ? Answer.Supply : Answer.Compute },
        new("span, skipped", 2, _backend) { Script = s => s.Kind == SiteKind.Span ? Answer.Skip : Answer.Compute },
        new("output", 1, _backend) { Script = s => s.Kind == SiteKind.Output ? Answer.Supply : Answer.Compute },
        new("span, changed", 2, _backend) { Script = s => s.Kind == SiteKind.Span ? Answer.Supply : Answer.Compute, AddsToInput = true },
        new("gate, passed on", 2, _backend) { Cuts = [1], Script = s => s == Site.Block(0) ? Answer.ComputeAndObserve : Answer.Compute },
        new("gate, stopped", 1, _backend) { Cuts = [1], Script = s => s == Site.Span(1, 3) ? Answer.Supply : Answer.Compute, AddsToInput = true },
        new("gate, observed behind", 2, _backend) { Cuts = [1], Script = s => s == Site.Span(1, 3) ? Answer.ComputeAndObserve : Answer.Compute },
        new("gate, stopped later", 2, _backend) { Cuts = [3], Script = s => s == Site.Span(3, 1) ? Answer.Supply : Answer.Compute },
        new("tokens", 2, _backend) { Script = s => s.Kind == SiteKind.Mlp ? Answer.ComputeTokens : s.IsBranch ? Answer.Supply : Answer.Compute, Picked = s_some },
        new("tokens, others", 1, _backend) { Script = s => s.Kind == SiteKind.Mlp ? Answer.ComputeTokens : s.IsBranch ? Answer.Supply : Answer.Compute, Picked = s_others },
        new("tokens, more, of attention too", 2, _backend) { Script = s => s.IsBranch ? Answer.ComputeTokens : Answer.Compute, Picked = s_more },
        new("tokens, none", 1, _backend) { Script = s => s.Kind == SiteKind.Mlp ? Answer.ComputeTokens : Answer.Compute },
        new("feed-forward alone", 1, _backend) { Script = s => s.Kind == SiteKind.Attention ? Answer.Supply : s.Kind == SiteKind.Mlp ? Answer.ComputeAndObserve : Answer.Compute },
    ];

    private static bool IsLast(Site site) => site == Site.Block(Depth - 1);

    private static Answer Branches(Site site) => IsLast(site) ? Answer.ComputeAndVerify : site.IsBranch ? Answer.Supply : Answer.Compute;

    private static Answer Block(Site site) => IsLast(site) ? Answer.SupplyAndVerify
        : site == Site.Block(Depth - 2) ? Answer.Supply
        : site.Kind == SiteKind.Block ? Answer.Skip : Answer.Compute;

    /// <summary>A sample that answers by script, supplies constants of its own, and notes all it is shown.</summary>
    private sealed class Scripted(string name, int rows, CpuBackend backend) : ISampleMemory
    {
        public string Name => name;

        public int Rows => rows;

        public Func<Site, Answer> Script { get; init; } = _ => Answer.Compute;

        public int[]? Tokens { get; set; }

        public bool Corrects { get; init; }

        public bool WantsSignal { get; init; }

        public Dictionary<string, float[]> Seen { get; } = [];

        public HashSet<Answer> Given { get; } = [];

        public CallCost Cost { get; set; }

        public long ByteCount => 0;

        public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

        public Answer Ask(Site site)
        {
            Given.Add(Script(site));
            return Script(site);
        }

        public IReadOnlyList<int> Cuts { get; init; } = [];

        public bool AddsToInput { get; init; }

        public int[]? Picked { get; init; }

        public void Observe(Site site, Tensor input, Tensor feature)
        {
            Seen.Add($"{site.Kind} {site.Layer} input", input.ToArray());
            Seen.Add($"{site.Kind} {site.Layer}", feature.ToArray());
        }

        public Tensor? SelectTokens(Site site, Tensor input)
        {
            Seen.Add($"{site.Kind} {site.Layer} input", input.ToArray());
            return Picked is null ? null : Tensor.From(backend, [.. Enumerable.Repeat(Picked, rows).SelectMany(t => t)], [rows, Picked.Length]);
        }

        public void Merge(Site site, Tensor tokens, Tensor fresh)
        {
            Assert.Equal([.. Enumerable.Repeat(Picked!, rows).SelectMany(t => t)], tokens.ToInt32Array());
            Seen.Add($"{site.Kind} {site.Layer} fresh", fresh.ToArray());
        }

        public Forecast Supply(Site site)
        {
            Shape shape = [rows, 16, site.Kind == SiteKind.Output ? 32 : 64];
            var salt = ((int)site.Kind * 100) + site.Layer;
            return new Forecast(new[] { Tensor.From(backend, Noise((int)shape.ElementCount, salt), shape) }, new[] { 0.5f }, AddsToInput);
        }

        public int[]? TokensToVerify(int tokenCount) => Tokens;

        public bool Judge(Site site, Tensor drafted, Tensor computed)
        {
            Seen.Add("drafted", drafted.ToArray());
            Seen.Add("computed", computed.ToArray());
            return Corrects;
        }

        public bool Wants(Site site, Signal signal) => WantsSignal && signal is Signal.ModulatedInput or Signal.NetworkInput;

        public void Take(Site site, Signal signal, Tensor value) => Seen.Add($"{signal} at {site.Kind}", value.ToArray());

        public CallOutcome End() => new(CallKind.Partial);

        public void Dispose()
        {
        }

        /// <summary>Numbers in [0, 1.5] that depend on the sample's name.</summary>
        public float[] Noise(int count, int salt)
        {
            var seed = (name.Sum(c => c * 7) * 31) + salt;
            return [.. Enumerable.Range(0, count).Select(i => 0.75f + (0.75f * MathF.Sin((seed * 0.37f) + (i * 1.7f))))];
        }
    }
}
