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
        new("all, observed", 1, _backend) { Script = _ => Says.ComputeAndObserve },
        new("all, verified", 2, _backend) { Script = s => IsLast(s) ? Says.ComputeAndVerify : Says.Compute },
        new("branches", 2, _backend) { Script = s => s.IsBranch ? Says.Supply : Says.Compute },
        new("branches, verified", 2, _backend) { Script = Branches },
        new("branches, sampled", 1, _backend) { Script = Branches, Tokens = s_some },
        new("branches, sampled elsewhere", 2, _backend) { Script = Branches, Tokens = s_others },
        new("block", 1, _backend) { Script = s => IsLast(s) ? Says.Supply : s.Kind == SiteKind.Block ? Says.Skip : Says.Compute },
        new("block, verified", 2, _backend) { Script = Block },
        new("block, sampled more", 2, _backend) { Script = Block, Tokens = s_more },
        new("span", 1, _backend) { Script = s => s.Kind == SiteKind.Span ? Says.Supply : Says.Compute },
        new("span, skipped", 2, _backend) { Script = s => s.Kind == SiteKind.Span ? Says.Skip : Says.Compute },
        new("output", 1, _backend) { Script = s => s.Kind == SiteKind.Output ? Says.Supply : Says.Compute },
        new("span, changed", 2, _backend) { Script = s => s.Kind == SiteKind.Span ? Says.Supply : Says.Compute, AddsToInput = true },
        new("gate, passed on", 2, _backend) { Cuts = [1], Script = s => s == Site.Block(0) ? Says.ComputeAndObserve : Says.Compute },
        new("gate, stopped", 1, _backend) { Cuts = [1], Script = s => s == Site.Span(1, 3) ? Says.Supply : Says.Compute, AddsToInput = true },
        new("gate, observed behind", 2, _backend) { Cuts = [1], Script = s => s == Site.Span(1, 3) ? Says.ComputeAndObserve : Says.Compute },
        new("gate, stopped later", 2, _backend) { Cuts = [3], Script = s => s == Site.Span(3, 1) ? Says.Supply : Says.Compute },
        new("tokens", 2, _backend) { Script = s =>
            s.Kind == SiteKind.Mlp ? Says.ComputeTokens : s.IsBranch ? Says.Supply : Says.Compute, Picked = s_some },
        new("tokens, others", 1, _backend) { Script = s =>
            s.Kind == SiteKind.Mlp ? Says.ComputeTokens : s.IsBranch ? Says.Supply : Says.Compute, Picked = s_others },
        new("tokens, more, of attention too", 2, _backend) { Script = s => s.IsBranch ? Says.ComputeTokens : Says.Compute, Picked = s_more },
        new("tokens, none", 1, _backend) { Script = s => s.Kind == SiteKind.Mlp ? Says.ComputeTokens : Says.Compute },
        new("feed-forward alone", 1, _backend) { Script = s =>
            s.Kind == SiteKind.Attention ? Says.Supply : s.Kind == SiteKind.Mlp ? Says.ComputeAndObserve : Says.Compute },
    ];

    private static bool IsLast(Site site) => site == Site.Block(Depth - 1);

    private static Says Branches(Site site) => IsLast(site) ? Says.ComputeAndVerify : site.IsBranch ? Says.Supply : Says.Compute;

    private static Says Block(Site site) => IsLast(site) ? Says.SupplyAndVerify
        : site == Site.Block(Depth - 2) ? Says.Supply
        : site.Kind == SiteKind.Block ? Says.Skip : Says.Compute;

    /// <summary>A sample that answers by script, supplies constants of its own, and notes all it is shown.</summary>
    private sealed class Scripted(string name, int rows, CpuBackend backend) : ISampleMemory
    {
        public string Name => name;

        public int Rows => rows;

        public Func<Site, Says> Script { get; init; } = _ => Says.Compute;

        public int[]? Tokens { get; set; }

        public bool WantsSignal { get; init; }

        public Dictionary<string, float[]> Seen { get; } = [];

        public HashSet<Says> Given { get; } = [];

        public CallCost Cost { get; set; }

        public long ByteCount => 0;

        public CallPlan Begin(NetworkCall call) => CallPlan.Compute.CutBefore(Cuts);

        public Answer Ask(Question question)
        {
            var site = question.Site;
            if (WantsSignal && (site == Site.Output || site == Site.Span(0, Depth)))
            {
                var signal = site == Site.Output ? Signal.NetworkInput : Signal.ModulatedInput;
                Seen.Add($"{signal} at {site.Kind}", question.Measure(signal).ToArray());
            }

            Given.Add(Script(site));
            return Script(site) switch
            {
                Says.ComputeAndObserve => Answer.Compute.Observed((input, feature) => See(site, input, feature)),
                Says.ComputeAndVerify => Answer.Compute.Verified(Tokens, v => Judge(v.Answered, v.Computed)),
                Says.Supply => Answer.Supply(Supply(site)),
                Says.SupplyAndVerify => Answer.Supply(Supply(site)).Verified(Tokens, v => Judge(v.Answered, v.Computed)),
                Says.ComputeTokens => Answer.Tokens(input => Pick(site, input), (tokens, fresh) => Merge(site, tokens, fresh), () => Supply(site)),
                Says.Skip => Answer.Pass,
                _ => Answer.Compute,
            };
        }

        public IReadOnlyList<int> Cuts { get; init; } = [];

        public bool AddsToInput { get; init; }

        public int[]? Picked { get; init; }

        private void See(Site site, Tensor input, Tensor feature)
        {
            Seen.Add($"{site.Kind} {site.Layer} input", input.ToArray());
            Seen.Add($"{site.Kind} {site.Layer}", feature.ToArray());
        }

        private IndexTable? Pick(Site site, Tensor input)
        {
            Seen.Add($"{site.Kind} {site.Layer} input", input.ToArray());
            return Picked is null ? null : IndexTable.From(backend, [.. Enumerable.Repeat(Picked, rows).SelectMany(t => t)], [rows, Picked.Length]);
        }

        private void Merge(Site site, IndexTable tokens, Tensor fresh)
        {
            Assert.Equal([.. Enumerable.Repeat(Picked!, rows).SelectMany(t => t)], tokens.Indices.ToArray());
            Seen.Add($"{site.Kind} {site.Layer} fresh", fresh.ToArray());
        }

        private Forecast Supply(Site site)
        {
            Shape shape = [rows, 16, site.Kind == SiteKind.Output ? 32 : 64];
            var salt = ((int)site.Kind * 100) + site.Layer;
            return new Forecast(new[] { Tensor.From(backend, Noise((int)shape.ElementCount, salt), shape) }, new[] { 0.5f }, AddsToInput);
        }

        private void Judge(Tensor drafted, Tensor computed)
        {
            Seen.Add("drafted", drafted.ToArray());
            Seen.Add("computed", computed.ToArray());
        }

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
