using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Caching.Tokens;
using Augur.Catalogs;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Tests;

/// <summary>Null is an argument error that names the parameter. That no public entry forgets it is the build's to check (CA1062).</summary>
public sealed class NullArgumentTests
{
    private static readonly Tensor s_tensor = Tensor.Zeros(new CpuBackend(), [1, 1, 1]);

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
        ("weight", () => s_tensor.Linear(null!, default(LinearEpilogue))),
        ("x", () => s_tensor.CopyFromInPlace(null!)),
        ("rows", () => s_tensor.GatherRows((Tensor)null!)),
        ("keys", () => s_tensor.AttendTo(null!, null!, 1)),
        ("from", () => IndexTable.From(s_tensor.Backend, [0]).Pick<int>(null!)),
        ("text", () => Condition.Prompt(null!)),
        ("Latent", () => _ = new SourcePicture { Latent = null! }),
        ("Classes", () => _ = new RequestDescription { Classes = null! }),
        ("Prompts", () => _ = new RequestDescription { Prompts = null! }),
        ("References", () => _ = new RequestDescription { References = null! }),
        ("Noise", () => _ = new RequestDescription { Noise = null! }),
        ("path", () => UntrustedFile.Read(null!, 1)),
        ("compute", () => ComputeEverything.Instance.GetOrCompute(Site.Attention(0), s_tensor, null!)),
    ];

    [Fact]
    public void Null_is_an_argument_error() =>
        Assert.All(s_calls, row => Assert.Equal(row.Parameter, Assert.Throws<ArgumentNullException>(row.Call).ParamName));

    [Fact]
    public void A_list_that_holds_null_is_an_argument_error_too() => Assert.StartsWith(
        "Prompts holds null.", Assert.Throws<ArgumentException>(() => new RequestDescription { Prompts = ["a fox", null!] }).Message,
        StringComparison.Ordinal);
}
