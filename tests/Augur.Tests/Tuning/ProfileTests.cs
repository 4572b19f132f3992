using Augur.Tensors.Weights;
using Augur.Tests.Weights;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class ProfileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        var about = new ProfileAbout
        {
            Target = "5x fewer FLOPs",
            Model = "DiT \"4x64/2\"",
            Weights = "0123456789abcdef",
            Sampler = "ddim(eta=0.5)",
            Steps = 50,
            Calls = 50,
            Guidance = 1.5,
            GuidanceInterval = new(0.2, 0.85),
            Tried = 12,
            Pictures = 24,
            Seed = -3,
            CalibratedPsnr = 40.25,
            HeldOutPictures = 48,
            HeldOutSeed = 999_997,
            HeldOutSets = 2,
            Speedup = 4.998,
            Psnr = 37.73,
            PsnrLower = 36,
            PsnrUpper = 38.5,
            Confidence = 0.975,
            WorstPsnr = 28.5,
            FloorPsnr = 30,
            FloorShare = 0.05,
            ShareBelow = 0.0208,
            ShareBelowUpper = 0.0951,
            Length = 64,
            Texts = 12,
            CalibratedAgreement = 61.5,
            HeldOutTexts = 8,
            Agreement = 58.25,
            AgreementLower = 40,
            AgreementUpper = 71.5,
            WorstAgreement = 12.5,
            Note = "by hand",
        };
        var path = _folder.File("p.json");
        Profile.Write(path, "fora(interval=4)", about);
        Assert.Equal(new Profile(path, "fora(interval=4)", about), Profile.Read(path));
    }

    [Theory]
    [InlineData("""{ "policy": "fora", "about": null }""")]
    [InlineData("""{ "policy": "fora", "about": { "steps": null, "sampler": null } }""")]
    [InlineData("""{ "policy": "fora" }""")]
    public void Null_is_absent(string json)
    {
        File.WriteAllText(_folder.File("p.json"), json);
        Assert.Equal(new ProfileAbout(), Profile.Read(_folder.File("p.json")).About);
    }

    [Theory]
    [InlineData("[]", "about is a list, not an object with fields.")]
    [InlineData("3", "about is 3, not an object with fields.")]
    [InlineData("""{ "step": 50 }""", "about has no field 'step'; the nearest is 'steps'.")]
    [InlineData("""{ "steps": "50" }""", "about.steps is a text; it is a whole number from 1 to 1000.")]
    [InlineData("""{ "steps": 0 }""", "about.steps is 0; it is a whole number from 1 to 1000.")]
    [InlineData("""{ "steps": 50.5 }""", "about.steps is 50.5; it is a whole number from 1 to 1000.")]
    [InlineData("""{ "seed": 1e3 }""", "about.seed is 1e3; it is a whole number.")]
    [InlineData("""{ "sampler": true }""", "about.sampler is true, not a text.")]
    [InlineData("""{ "guidance": {} }""", "about.guidance is an object, not a finite number.")]
    [InlineData("""{ "guidance": 1e999 }""", "about.guidance is 1e999, not a finite number.")]
    [InlineData("""{ "guidanceInterval": "1-0" }""",
        "about.guidanceInterval is '1-0'; it is two shares of the run's calls from 0 to 1, the lower one first, such as 0.2-0.8.")]
    [InlineData("""{ "psnr": -1 }""", "about.psnr is -1; it is a number from 0 to 100.")]
    public void A_wrong_field_is_named_with_file_and_value(string about, string sentence)
    {
        var path = _folder.File("p.json");
        File.WriteAllText(path, $$"""{ "policy": "fora", "about": {{about}} }""");
        Assert.Equal($"{path}: {sentence}", Assert.Throws<WeightFileException>(() => Profile.Read(path)).Message);
    }

    [Fact]
    public void A_policy_in_words_is_no_profile()
    {
        Assert.Null(Profile.Find("fora(interval=3)"));
        Assert.Null(Profile.Find("l2c(mask=random(share=0.3))"));
    }

    [Fact]
    public void Weights_tell_models_apart_and_neither_names_nor_files_beside_them_do()
    {
        using var one = new TinyModel();
        using var other = new TinyModel();
        var hash = ModelIdentity.HashOf(one.Folder);
        Assert.Matches("^[0-9a-f]{16}$", hash);
        Assert.Equal(hash, ModelIdentity.HashOf(other.Folder));
        File.Move(Path.Combine(other.Folder, "model.safetensors"), Path.Combine(other.Folder, "renamed.safetensors"));
        Directory.CreateDirectory(Path.Combine(other.Folder, "profiles"));
        File.WriteAllText(Path.Combine(other.Folder, "profiles", "high.json"), "{}");
        Assert.Equal(hash, ModelIdentity.HashOf(other.Folder));
        Assert.Equal(hash, ModelIdentity.HashOf(Path.Combine(other.Folder, "renamed.safetensors")));
        using (var weights = File.Open(Path.Combine(other.Folder, "renamed.safetensors"), FileMode.Open))
        {
            weights.Position = weights.Length - 1;
            var last = weights.ReadByte();
            weights.Position--;
            weights.WriteByte((byte)(last ^ 1));
        }

        Assert.NotEqual(hash, ModelIdentity.HashOf(other.Folder));
    }
}
