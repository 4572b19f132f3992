using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Studies;

/// <summary>
/// On uncached runs: what a second-order forecast from every n-th call would have got wrong at several depths. Compare with the errors that a
/// verifier sees.
/// </summary>
internal static class DraftErrorStudy
{
    public static async Task RunAsync(DiffusionModel model, int count, int interval, TextWriter output)
    {
        var log = new ConcurrentDictionary<(int Call, Site Site), double>();
        var policy = new Shadow(interval, log);
        await new GenerationPipeline(model).GenerateAsync([.. Enumerable.Range(0, count)
            .Select(i => model.Request(i % model.Classes.Count, i) with { Cache = policy })]);
        var sites = policy.Sites;
        output.WriteLine($"| call | {string.Join(" | ", sites.Select(s => s.Kind == SiteKind.Output ? "output" : $"block {s.Layer}"))} |");
        output.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", sites.Length + 1))}");
        foreach (var call in log.Keys.Select(k => k.Call).Distinct().Order())
        {
            output.WriteLine($"| {call} | {string.Join(" | ", sites.Select(s => $"{log[(call, s)] / count:0.0000}"))} |");
        }
    }

    private sealed class Shadow(int interval, ConcurrentDictionary<(int, Site), double> log) : ICachePolicy
    {
        /// <summary>Those that the network of the runs was watched at.</summary>
        public Site[] Sites { get; private set; } = [];

        public string Name => "shadow";

        public ISampleMemory Open(RunInfo run)
        {
            var last = run.Map.BlockCount - 1;
            Sites = [Site.Block(0), Site.Block(last / 2), Site.Block(last - 1), Site.Block(last), Site.Output];
            return new Cache(interval, Sites, log);
        }
    }

    private sealed class Cache(int interval, Site[] sites, ConcurrentDictionary<(int Call, Site Site), double> log) : ISampleMemory
    {
        private static readonly TaylorForecaster s_forecaster = new(2);

        private readonly Dictionary<Site, IFeatureMemory> _memories = sites.ToDictionary(s => s, _ => s_forecaster.Remember(3, DType.Float32));
        private int _call;
        private int _last = -1;
        private bool _learns;

        public long ByteCount => 0;

        public CallPlan Begin(NetworkCall call)
        {
            _call = call.CallIndex;
            _learns = _call < 3 || _call - _last >= interval;
            _last = _learns ? _call : _last;
            return CallPlan.Compute;
        }

        public Answer Ask(Question question)
        {
            var site = question.Site;
            return _memories.ContainsKey(site) ? Answer.Compute.Observed((_, feature) => Observe(site, feature)) : Answer.Compute;
        }

        private void Observe(Site site, Tensor feature)
        {
            if (_learns)
            {
                _memories[site].Observe(feature, _call, forgets: false);
                return;
            }

            var forecast = Tensor.Empty(feature.Backend, feature.Shape);
            _memories[site].Forecast(_call).WriteTo(forecast);
            var one = new Shape(1, (int)feature.Shape.ElementCount);
            var error = forecast.Reshape(one).ErrorsFrom(feature.Reshape(one), ErrorMeasure.NormRatio)[0];
            log.AddOrUpdate((_call, site), error, (_, sum) => sum + error);
        }

        public CallOutcome End() => new(CallKind.Computed);

        public void Dispose()
        {
            foreach (var memory in _memories.Values)
            {
                memory.Dispose();
            }
        }
    }
}
