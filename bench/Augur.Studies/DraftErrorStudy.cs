using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Studies;

/// <summary>On uncached runs: what a second-order forecast from every n-th call would have got wrong at several depths. Compare with the errors that a verifier sees.</summary>
internal static class DraftErrorStudy
{
    public static async Task RunAsync(DiffusionModel model, int count, int interval, TextWriter output)
    {
        var last = model.Denoiser.Depth - 1;
        Site[] sites = [Site.Block(0), Site.Block(last / 2), Site.Block(last - 1), Site.Block(last), Site.Output];
        var log = new ConcurrentDictionary<(int Call, Site Site), double>();
        var policy = new Shadow(interval, sites, log);
        await new GenerationPipeline(model).GenerateAsync([.. Enumerable.Range(0, count).Select(i => model.Request(i % model.Denoiser.ClassCount, i) with { Cache = policy })]);
        output.WriteLine($"| call | {string.Join(" | ", sites.Select(s => s.Kind == SiteKind.Output ? "output" : $"block {s.Layer}"))} |");
        output.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", sites.Length + 1))}");
        foreach (var call in log.Keys.Select(k => k.Call).Distinct().Order())
        {
            output.WriteLine($"| {call} | {string.Join(" | ", sites.Select(s => $"{log[(call, s)] / count:0.0000}"))} |");
        }
    }

    private sealed class Shadow(int interval, Site[] sites, ConcurrentDictionary<(int, Site), double> log) : ICachePolicy
    {
        public string Name => "shadow";

        public ISampleMemory Open(RunInfo run) => new Cache(interval, sites, log);
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

        public Answer Ask(Site site) => _memories.ContainsKey(site) ? Answer.ComputeAndObserve : Answer.Compute;

        public void Observe(Site site, Tensor input, Tensor feature)
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
