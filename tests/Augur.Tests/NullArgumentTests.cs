using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Caching.Tokens;
using Augur.Catalogs;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Tests;

/// <summary>What programs call first: null is an argument error that names the parameter.</summary>
public sealed class NullArgumentTests
{
    private static readonly (string Parameter, Action Call)[] s_calls =
    [
        ("text", () => PolicyCatalog.Parse(null!)),
        ("text", () => PolicyCatalog.ParseList(null!)),
        ("text", () => PolicyCatalog.Spell(null!)),
        ("text", () => Samplers.Parse(null!)),
        ("text", () => Forecasters.Parse(null!)),
        ("text", () => CallSchedules.Parse(null!)),
        ("text", () => TokenSelectors.Parse(null!)),
        ("stream", () => Png.Read(null!)),
        ("backend", () => Tensor.Empty(null!, [1])),
        ("backend", () => Tensor.Zeros(null!, [1])),
        ("backend", () => Tensor.Full(null!, [1], 1)),
        ("backend", () => Tensor.From(null!, [1f], [1])),
        ("tensor", () => IndexTable.From(null!)),
        ("options", () => new CpuBackend(null!)),
        ("checkpoint", () => new WeightScope(null!, null!)),
        ("model", () => new GenerationPipeline(null!)),
        ("model", () => new GenerationEngine(null!)),
        ("denoiser", () => new DiffusionModel(null!, null!, null, null!)),
        ("calibration", () => new Tuner(null!, null!, null!)),
        ("inner", () => new TracingDoor(null!, null!)),
    ];

    [Fact]
    public void Null_is_an_argument_error() =>
        Assert.All(s_calls, row => Assert.Equal(row.Parameter, Assert.Throws<ArgumentNullException>(row.Call).ParamName));
}
