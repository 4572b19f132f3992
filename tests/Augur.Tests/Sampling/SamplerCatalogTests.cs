using Augur.Sampling;

namespace Augur.Tests.Sampling;

public sealed class SamplerCatalogTests
{
    [Theory]
    [InlineData("ddim")]
    [InlineData("ddim(eta=0.7)")]
    [InlineData("ddim(end_at_image=false,spacing=trailing,betas=scaled_linear,beta_start=0.00085,beta_end=0.012)")]
    [InlineData("ddpm(variance=fixed_small,clip=1)")]
    [InlineData("dpm++(order=1)")]
    [InlineData("euler(shift=3,grid=trained)")]
    [InlineData("heun(dynamic=true,mu=0.8)")]
    [InlineData("ddim(spacing=trailing,trained_steps=500,zero_snr=true)")]
    [InlineData("dpm++(first_order_final=true,karras=true)")]
    [InlineData("euler(dynamic=true,base_shift=0.95,max_shift=2.05,base_tokens=1024,patch_size=1,time_shift=linear,terminal=0.1,grid=trained)")]
    [InlineData("euler(dynamic=true,base_tokens=64,max_tokens=1024,patch_size=1)")]
    [InlineData("ddim(trained_steps=500)")]
    [InlineData("deis(order=2,basis=log-rho,timesteps=quad)")]
    [InlineData("unipc(corrector=false,timesteps=logsnr)")]
    [InlineData("dpm++(order=3,timesteps=quad(1.5))")]
    [InlineData("ddim(timesteps=list(999-500-20))")]
    public void A_sampler_is_named_as_it_was_written(string text) => Assert.Equal(text, Samplers.Parse(text).Name);

    [Fact]
    public void Spaces_do_not_matter() => Assert.Equal("ddim(eta=0.5)", Samplers.Parse(" ddim( eta = 0.5 ) ").Name);

    [Fact]
    public void Every_entry_makes_the_sampler_of_its_name()
    {
        foreach (var entry in Samplers.All)
        {
            Assert.Equal(entry.Name, entry.Create([]).Name);
            Assert.NotEmpty(entry.Settings);
        }
    }

    [Theory]
    [InlineData("ddmi", "There is no sampler \"ddmi\"; the nearest is \"ddim\".")]
    [InlineData("Euler", "There is no sampler \"Euler\"; the nearest is \"euler\".")]
    [InlineData("ddim(ets=1)", "Sampler ddim has no setting \"ets\"; the nearest is \"eta\".")]
    [InlineData("ddim(eta=a)", "Sampler ddim: eta is \"a\"; it is a number between 0 and 1.")]
    [InlineData("ddim(eta=1.5)", "Sampler ddim: eta is 1.5; it lies between 0 and 1.")]
    [InlineData("ddim(eta=NaN)", "Sampler ddim: eta is NaN; it lies between 0 and 1.")]
    [InlineData("ddim(eta=0,eta=1)", "Sampler ddim: setting \"eta\" is given twice.")]
    [InlineData("ddim(eta)", "Sampler ddim: \"eta\" is not a setting with a value, as name=1 is.")]
    [InlineData("ddim(eta=0", "Sampler \"ddim(eta=0\" has an opening bracket and no closing one.")]
    [InlineData("ddpm(variance=learned)", "Sampler ddpm: variance is \"learned\"; it is auto, fixed_small or fixed_large.")]
    [InlineData("dpm++(order=4)", "Sampler dpm++: order is 4; it lies between 1 and 3.")]
    [InlineData("ddim(beta_start=0.1)",
        "NoiseSchedule: 1000 timesteps with betas from 0.1 to 0.02; at least 2 timesteps and 0 < start ≤ end < 1 are needed.")]
    [InlineData("ddim(betas=given)", "The betas are given one by one, but there are none; a model's scheduler_config.json can give them.")]
    [InlineData("euler(time_shift=linear)", "The time shift is linear but the shift is constant; the time shift belongs to a dynamic shift.")]
    [InlineData("euler(shift=0)", "Sampler euler: shift is 0; it lies above 0 and at most 100.")]
    [InlineData("euler(mu=0.8)", "Mu is 0.8 but the shift is constant; mu belongs to a dynamic shift.")]
    [InlineData("heun(shift=3,dynamic=true)", "A dynamic shift and the constant shift 3 exclude each other.")]
    public void What_is_not_known_is_named_with_what_would_do(string text, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => Samplers.Parse(text)).Message);
}
