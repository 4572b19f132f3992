using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Pipelines;

/// <summary>Requests that begin with a picture, on networks of the fixtures.</summary>
public sealed class EditingTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly DiffusionModel _flow;

    public EditingTests() => (_model, _flow) = (SmallDit.Load(_backend), SmallFlux.Load(_backend));

    public static TheoryData<string> AllSamplers => [.. Samplers.All.Select(entry => entry.Name)];

    public void Dispose()
    {
        _model.Dispose();
        _flow.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(AllSamplers))]
    public async Task What_the_mask_keeps_is_the_picture_bit_for_bit_and_the_rest_is_drawn_under_every_sampler(string name)
    {
        var sampler = Samplers.Parse(name);
        var request = RequestFor(sampler, out var model);
        var picture = Picture(model);
        var cells = picture.Shape[1] * picture.Shape[2];
        float[] mask = [.. Enumerable.Range(0, cells).Select(i => i < cells / 2 ? 0f : i % 3 == 0 ? 0.5f : 1)];
        var result = await Draw(model, request with { Source = new() { Latent = picture, Mask = [.. mask] } });
        Assert.All(result.Latent.Index(), drawn => Assert.Equal(mask[drawn.Index % cells] == 0, picture.Values[drawn.Index] == drawn.Item));
        Assert.True(Array.TrueForAll(result.Latent, float.IsFinite));
    }

    [Theory]
    [MemberData(nameof(AllSamplers))]
    public async Task A_mask_that_keeps_nearly_all_leads_to_the_picture_there_without_being_put_back(string name)
    {
        var request = RequestFor(Samplers.Parse(name), out var model);
        var picture = Picture(model);
        float[] mask = [.. Enumerable.Repeat(1e-6f, picture.Shape[1] * picture.Shape[2])]; // above 0, so that nothing is copied
        var result = await Draw(model, request with { Source = new() { Latent = picture, Mask = [.. mask] } });
        var ends = name is "dpm++2s" or "lcm" or "pndm" ? 0.05 : 1e-3; // these end at the first trained timestep, or noise it again
        Assert.InRange(PictureEditor.Distance(result.Latent, picture), 0, ends);
    }

    [Theory]
    [InlineData("ddim", 10, 0.6, 6)]
    [InlineData("dpm++", 10, 0.35, 3)]
    [InlineData("k-euler", 7, 0.5, 3)]
    [InlineData("euler", 10, 0.6, 6)]
    [InlineData("heun", 10, 0.6, 6)]
    public async Task Strength_takes_its_share_of_the_steps_and_the_report_says_how_many(string name, int steps, double strength, int taken)
    {
        var request = RequestFor(Samplers.Parse(name), out var model) with { Steps = steps };
        var drawn = request with { Source = new() { Latent = Picture(model), Strength = strength } };
        Assert.Equal(taken, drawn.TakenSteps);
        var result = await Draw(model, drawn);
        Assert.Equal(taken, result.Report.Steps);
        Assert.Equal(name == "heun" ? (2 * taken) - 1 : taken, result.Report.Calls.Count);
    }

    [Fact]
    public async Task The_less_strength_the_nearer_the_picture()
    {
        var distances = new List<double>();
        foreach (var strength in new[] { 0.2, 0.5, 0.9 })
        {
            var source = new SourcePicture { Latent = Picture(_model), Strength = strength };
            var result = await Draw(_model, _model.Request(3, 5) with { Steps = 10, Source = source });
            distances.Add(PictureEditor.Distance(result.Latent, Picture(_model)));
        }

        Assert.Equal(distances.Order(), distances);
    }

    [Fact]
    public async Task More_calls_of_a_step_bring_an_inversion_nearer_to_the_exact_one()
    {
        var drawn = await Draw(_model, Unguided(_model.Request(3, 5) with { Steps = 10 }));
        var picture = new ReferenceLatent([.. drawn.Latent], _model.Denoiser.LatentShape);
        double Distance(int iterations)
        {
            var request = Unguided(_model.Request(3, 5) with { Steps = 10, Source = new() { Latent = picture } });
            var how = new InversionSettings { Iterations = iterations, Condition = Condition.Class(3) };
            var noise = Draw(_model, new PictureEditor(_model).Inversion(request, how)).Result;
            Assert.Equal(10 * iterations, noise.Report.Calls.Count);
            return PictureEditor.Distance(Draw(_model, PictureEditor.Redrawn(request, noise)).Result.Latent, picture);
        }

        var (once, often) = (Distance(1), Distance(6));
        Assert.True(often < once / 4, $"{once} with one call, {often} with six");
    }

    [Fact]
    public async Task An_inversion_has_no_guidance_and_no_interval_of_it()
    {
        var interval = new Guidance(1.5) { Interval = new(0.2, 0.8) };
        var request = _model.Request(3, 5) with { Steps = 10, Guidance = interval, Source = new() { Latent = Picture(_model) } };
        var inversion = new PictureEditor(_model).Inversion(request, new() { Condition = Condition.Class(3) });
        Assert.Equal(new Guidance(1), inversion.Guidance);
        Assert.Null((await Draw(_model, inversion)).Report.GuidedCalls);
    }

    [Theory]
    [InlineData(1, 27)]
    [InlineData(2, 14)]
    [InlineData(3, 10)]
    [InlineData(4, 8)]
    public void An_inversion_of_28_steps_makes_as_many_calls_as_published(int skip, int calls)
    {
        using var latent = Tensor.Zeros(_backend, [1, 4]);
        using var run = new FlowInversion(new() { Skip = skip }).Begin(latent, 28, Prediction.Flow);
        Assert.Equal(calls, run.CallCount);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0)]
    public async Task A_method_that_goes_by_the_latents_way_is_refused_where_an_edit_pulls_it_elsewhere(double gamma)
    {
        var picture = Picture(_flow);
        var request = FlowRequest() with
        {
            Cache = PolicyCatalog.Parse("meancache(interval=2)"),
            Sampler = new FlowInversion(new() { Gamma = gamma }) { Target = [.. picture.Values.Select((_, i) => MathF.Cos(i))] },
            Source = new() { Latent = picture, Inverted = picture },
        };
        if (gamma == 0)
        {
            Assert.NotEmpty((await Draw(_flow, request)).Latent);
            return;
        }

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Draw(_flow, request));
        Assert.EndsWith("and no edit that pulls it elsewhere.", error.Message);
        error = await Assert.ThrowsAsync<ArgumentException>(
            () => Draw(_flow, FlowRequest() with { Cache = request.Cache, Source = new() { Latent = picture, Pull = 0.7, PullSteps = 3 } }));
        Assert.EndsWith("and no edit that pulls it elsewhere.", error.Message);
    }

    [Fact]
    public async Task An_inversion_drawn_wholly_towards_the_noise_is_a_straight_line()
    {
        var picture = Picture(_flow);
        var sampler = new FlowInversion(new() { Gamma = 1 }) { Target = [.. Enumerable.Range(0, picture.Values.Length).Select(i => MathF.Cos(i))] };
        var result = await Draw(
            _flow, FlowRequest() with { Steps = 8, Sampler = sampler, Source = new() { Latent = picture, Inverted = picture } });
        Assert.All(
            Enumerable.Range(0, picture.Values.Length),
            i => Assert.Equal((picture.Values[i] / 8) + (7f / 8 * MathF.Cos(i)), result.Latent[i], 1e-5f));
    }

    [Fact]
    public async Task An_edit_keeps_what_lies_outside_and_costs_less_under_eedit()
    {
        var picture = Picture(_flow);
        var cells = picture.Shape[1] * picture.Shape[2];
        float[] mask = [.. Enumerable.Range(0, cells).Select(i => i % picture.Shape[2] < 4 ? 1f : 0)];
        var request = FlowRequest() with
        {
            Steps = 12,
            Cache = new EEditPolicy(),
            Source = new() { Latent = picture, Mask = [.. mask], Pull = 0.7, PullSteps = 3 },
        };
        var edit = await new PictureEditor(_flow).EditAsync(request);
        Assert.All(Enumerable.Range(0, edit.Edited.Latent.Length).Where(i => mask[i % cells] == 0),
            i => Assert.Equal(picture.Values[i], edit.Edited.Latent[i]));
        Assert.True(edit.Edited.Report.FlopsSpeedup > 1.5, $"{edit.Edited.Report.FlopsSpeedup}");
        Assert.Null(edit.Edited.Report.Note); // the mask is the region
        Assert.Equal(5, edit.Inversion.Report.Calls.Count);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_in_a_sentence()
    {
        var picture = Picture(_model);
        var request = _model.Request(3, 5);
        await Refused("The mask has 3 cells; the picture's latent [4, 8, 8] has 64.", new() { Latent = picture, Mask = [1, 1, 1] });
        await Refused("The mask is 0 everywhere", new() { Latent = picture, Mask = [.. new float[64]] });
        await Refused("not 0 to 1", new() { Latent = picture, Mask = [.. new float[63], float.NaN] });
        await Refused("Strength is 0.01, which of 12 steps takes none", new() { Latent = picture, Strength = 0.01 });
        var other = await Assert.ThrowsAsync<ArgumentException>(() =>
            Draw(_model, request with { LatentShape = [4, 8, 8], Source = new() { Latent = new([1, 2], [2, 1, 1]) } }));
        Assert.Contains("The picture's latent is [2, 1, 1]; the request draws [4, 8, 8].", other.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SourcePicture { Latent = picture, Strength = 0 });
        Assert.Throws<ArgumentException>(() => new DiffusionInversion(new DdimSampler(new() { Eta = 1 })));
        Assert.Contains("no source", Assert.Throws<ArgumentException>(() => new PictureEditor(_model).Inversion(request)).Message);

        async Task Refused(string part, SourcePicture source) => Assert.Contains(
            part, (await Assert.ThrowsAnyAsync<ArgumentException>(() => Draw(_model, request with { Source = source }))).Message);
    }

    private static GenerationRequest Unguided(GenerationRequest request) => request with { Guidance = new Guidance(1) };

    private GenerationRequest FlowRequest() => _flow.Request(SmallFlux.Text(5), 3);

    private GenerationRequest RequestFor(ISampler sampler, out DiffusionModel model)
    {
        model = sampler.Accepts(_model.Denoiser.Prediction) ? _model : _flow;
        return (model == _model ? _model.Request(3, 5) : FlowRequest()) with { Steps = 8, Sampler = sampler };
    }

    private static ReferenceLatent Picture(DiffusionModel model)
    {
        var shape = model.Denoiser.LatentShape;
        return new([.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => MathF.Sin(i * 0.37f))], shape);
    }

    private static Task<GenerationResult> Draw(DiffusionModel model, GenerationRequest request) =>
        new GenerationPipeline(model).GenerateAsync(request);
}
