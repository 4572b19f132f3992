using Augur.Catalogs;
using Augur.Tensors.Cpu;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class CalibrationTests
{
    [Fact]
    public async Task What_is_compared_with_is_uncached_whatever_the_requests_name()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var model = SmallDit.Load(backend);
        var calibration = new Calibration(model, new(), [model.Request(1, 5) with { Cache = PolicyCatalog.Parse("fora(interval=6)") }]);
        Assert.Equal(100, (await calibration.MeasureAsync("none", 0, 1, null, default)).MeanQuality);
        Assert.InRange((await calibration.MeasureAsync("fora(interval=6)", 0, 1, null, default)).MeanQuality, 5, 60);
    }
}
