using Augur.Notation;

namespace Augur.Sampling;

/// <summary>The catalog of samplers, by name.</summary>
public static class Samplers
{
    private static readonly Catalog<ISampler> s_catalog = new(
        "Sampler",
        sampler => sampler.Name,
        Catalog<ISampler>.Entry("ddim", "Deterministic diffusion in few steps (Song et al., 2021).", DdimSampler.Settings, o => new DdimSampler(o)),
        Catalog<ISampler>.Entry(
            "ddpm", "Ancestral diffusion with fresh noise at each step (Ho et al., 2020).", DdpmSampler.Settings, o => new DdpmSampler(o)),
        Catalog<ISampler>.Entry(
            "dpm++", "Multistep diffusion of second or third order (Lu et al., 2022).", DpmSolverPlusPlusSampler.Settings,
            o => new DpmSolverPlusPlusSampler(o)),
        Catalog<ISampler>.Entry(
            "dpm++2m-sde", "As dpm++, with fresh noise at each step.", Dpm2MSdeSampler.Settings, o => new Dpm2MSdeSampler(o)),
        Catalog<ISampler>.Entry(
            "dpm++2s", "Second-order diffusion, two calls a step (Lu et al., 2022).", Dpm2SSampler.Settings, o => new Dpm2SSampler(o)),
        Catalog<ISampler>.Entry(
            "dpm++sde", "Second-order diffusion with fresh noise, two calls a step.", DpmSdeSampler.Settings, o => new DpmSdeSampler(o)),
        Catalog<ISampler>.Entry("pndm", "Fourth-order multistep diffusion (Liu et al., 2022).", PndmSampler.Settings, o => new PndmSampler(o)),
        Catalog<ISampler>.Entry(
            "deis", "Multistep diffusion by an exponential integrator (Zhang and Chen, 2023).", DeisSampler.Settings, o => new DeisSampler(o)),
        Catalog<ISampler>.Entry(
            "unipc", "Multistep diffusion with a corrector that costs no call (Zhao et al., 2023).", UniPcSampler.Settings, o => new UniPcSampler(o)),
        Catalog<ISampler>.Entry("k-euler", "Straight steps between noise levels of a diffusion.", EulerSampler.Settings, o => new EulerSampler(o)),
        Catalog<ISampler>.Entry(
            "euler-a", "Straight steps below the next noise level, with fresh noise up to it.",
            EulerAncestralSampler.Settings, o => new EulerAncestralSampler(o)),
        Catalog<ISampler>.Entry(
            "k-heun", "Second-order steps between noise levels of a diffusion, two calls each.", HeunSampler.Settings, o => new HeunSampler(o)),
        Catalog<ISampler>.Entry("lms", "Fourth-order multistep between noise levels of a diffusion.", LmsSampler.Settings, o => new LmsSampler(o)),
        Catalog<ISampler>.Entry(
            "lcm", "Few steps of a latent consistency model, each noised again (Luo et al., 2023).", LcmSampler.Settings, o => new LcmSampler(o)),
        Catalog<ISampler>.Entry("euler", "Straight steps along a rectified flow.", FlowEulerSampler.Settings, o => new FlowEulerSampler(o)),
        Catalog<ISampler>.Entry(
            "heun", "Second-order steps along a rectified flow, two calls each.", FlowHeunSampler.Settings, o => new FlowHeunSampler(o)),
        Catalog<ISampler>.Entry(
            "dpm++2m",
            "Second-order multistep along a rectified flow, one call each.",
            FlowMultistepSampler.Settings,
            o => new FlowMultistepSampler(o)));

    /// <summary>Every sampler, diffusion first.</summary>
    public static IReadOnlyList<CatalogEntry<ISampler>> All => s_catalog.All;

    /// <summary>Makes a sampler from its name and settings: <c>ddim</c>, <c>ddim(eta=0.7)</c>, <c>euler(shift=3,grid=trained)</c>.</summary>
    /// <exception cref="ArgumentException">
    /// The name or a setting is unknown, or a value is out of range; the message says what is accepted.
    /// </exception>
    public static ISampler Parse(string text) => s_catalog.Parse(text);

    /// <summary>
    /// Makes a sampler for a model. Settings of the training (betas, trained timesteps, terminal SNR) that the text does not give are those of the
    /// model's own sampler, because they are properties of the network.
    /// </summary>
    /// <param name="text">As for <see cref="Parse(string)"/>.</param>
    /// <param name="own">The model's own sampler, from its defaults.</param>
    /// <exception cref="ArgumentException">
    /// The name or a setting is unknown, or a value is out of range; the message says what is accepted.
    /// </exception>
    public static ISampler Parse(string text, ISampler own)
    {
        var sampler = Parse(text);
        var named = Phrase.Parse("Sampler", text).Settings.Select(setting => setting.Name).ToHashSet();
        return sampler is IDiffusionSampler diffusion && own is IDiffusionSampler trained
            ? diffusion.With(diffusion.Options.TrainedAs(trained.Options, named.Contains))
            : sampler;
    }
}
