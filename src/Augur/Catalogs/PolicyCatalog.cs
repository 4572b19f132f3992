using System.Globalization;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Notation;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>A caching method of the catalog.</summary>
/// <param name="Name">The name in the notation of the command line.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="MostCautious">The method with settings at which it computes every call in full, such as <c>speca(base=0)</c>.</param>
/// <param name="Settings">The settings that it takes.</param>
/// <param name="Create">
/// Makes it from pairs of setting name and value; throws <see cref="ArgumentException"/> for an unknown setting or a value out of range.
/// </param>
public sealed record PolicyEntry(
    string Name,
    string Summary,
    string MostCautious,
    IReadOnlyList<SettingInfo> Settings,
    Func<IEnumerable<(string Name, string Value)>, ICachePolicy> Create)
    : CatalogEntry<ICachePolicy>(Name, Summary, Settings, Create);

/// <summary>The catalog of caching methods, by name.</summary>
public static class PolicyCatalog
{
    private const string Kind = "Policy";

    /// <summary>All methods.</summary>
    public static IReadOnlyList<PolicyEntry> All { get; } =
    [
        Entry("none", "Computes every call.", "none", new SettingList<object>(Kind, "none"), _ => NoCachePolicy.Instance),
        Entry("augur", "Computes the calls that a search found to matter most; forecasts the others.",
            "augur(1000)", AugurPolicy.Settings, o => new AugurPolicy(o)),
        Entry("fora", "Reuses features at a fixed interval.",
            "fora(interval=1)", ForaPolicy.Settings, o => new ForaPolicy(o)),
        Entry("taylorseer", "Forecasts features at a fixed interval by a Taylor series.",
            "taylorseer(interval=1)", TaylorSeerPolicy.Settings, o => new TaylorSeerPolicy(o)),
        Entry("hicache", "Forecasts features at a fixed interval by scaled Hermite polynomials.",
            "hicache(interval=1)", HiCachePolicy.Settings, o => new HiCachePolicy(o)),
        Entry("foca", "Forecasts features at a fixed interval as the solution of a differential equation.",
            "foca(interval=1)", FoCaPolicy.Settings, o => new FoCaPolicy(o)),
        Entry("spectrum", "Forecasts the output by Chebyshev polynomials, at gaps that grow.",
            "spectrum(first=1000)", SpectrumPolicy.Settings, o => new SpectrumPolicy(o)),
        Entry("meancache", "Corrects the last output by the mean velocity of the latent.",
            "meancache(1000)", MeanCachePolicy.Settings, o => new MeanCachePolicy(o)),
        Entry("speca", "Forecasts, verifies in the last block, and computes what failed.",
            "speca(base=0)", SpeCaOptions.Settings, o => new SpeCaPolicy(o)),
        Entry("toca", "Reuses attention and computes the feed-forward branches of the tokens that matter most.",
            "toca(interval=1)", ToCaPolicy.Settings, o => new ToCaPolicy(o)),
        Entry("duca", "As toca, but reuses the whole network at every other partial call.",
            "duca(interval=1)", DuCaPolicy.Settings, o => new DuCaPolicy(o)),
        Entry("cg-taylor", "Skips the blocks behind the first where its output could have been forecast.",
            "cg-taylor(threshold=0)", CgTaylorPolicy.Settings, o => new CgTaylorPolicy(o)),
        Entry("fbcache", "Reuses the change that the blocks make while the first one's stays the same.",
            "fbcache(threshold=0)", FbCachePolicy.Settings, o => new FbCachePolicy(o)),
        Entry("dbcache", "Computes the first and last blocks; reuses the middle while the first ones' change stays the same.",
            "dbcache(front=1,threshold=0)", DBCachePolicy.Settings, o => new DBCachePolicy(o)),
        Entry("xslim", "Keeps, refreshes or computes the blocks behind the first ones, as the change of these says.",
            "xslim(warn=0,critical=0)", XSlimPolicy.Settings, o => new XSlimPolicy(o)),
        Entry("teacache", "Reuses the change that the blocks make until their modulated input has changed enough.",
            "teacache(threshold=0)", TeaCachePolicy.Settings, o => new TeaCachePolicy(o)),
        Entry("seacache", "As teacache, but looks at the modulated input behind a filter that follows the noise level.",
            "seacache(threshold=0)", SeaCachePolicy.Settings, o => new SeaCachePolicy(o)),
        Entry("magcache", "Reuses the change that the blocks make as long as calibrated magnitudes allow.",
            "magcache(max_consecutive=0)", MagCachePolicy.Settings, o => new MagCachePolicy(o)),
        Entry("sencache", "Reuses the change that the blocks make as long as calibrated sensitivities to latent and time allow.",
            "sencache(max_consecutive=0)", SenCachePolicy.Settings, o => new SenCachePolicy(o)),
        Entry("easycache", "Reuses the difference of output and input until the latent has changed enough.",
            "easycache(threshold=0)", EasyCachePolicy.Settings, o => new EasyCachePolicy(o)),
        Entry("dicache", "Combines the changes of the last two computed calls as a probe of the first blocks says.",
            "dicache(threshold=0)", DiCachePolicy.Settings, o => new DiCachePolicy(o)),
        Entry("delta-dit", "Reuses the change of the last blocks early, of the first ones late, at a fixed interval.",
            "delta-dit(interval=1)", DeltaDitPolicy.Settings, o => new DeltaDitPolicy(o)),
        Entry("pab", "Repeats attention for a few calls in the middle of the run.",
            "pab(range=1)", PabPolicy.Settings, o => new PabPolicy(o)),
        Entry("clusca", "As taylorseer, but computes the feed-forward branches of one token of each cluster.",
            "clusca(interval=1)", ClusCaPolicy.Settings, o => new ClusCaPolicy(o)),
        Entry("eedit", "Reuses attention and computes tokens that are drawn, mostly in and around the region that an edit changes.",
            "eedit(interval=1)", EEditPolicy.Settings, o => new EEditPolicy(o)),
        Entry("l2c", "Reuses branches of the call before by a table learned beforehand.",
            "l2c(mask=random(share=0))", L2COptions.Settings, o => new L2CPolicy(o)),
        Entry("deepcache", "Runs the outermost layers of a U-Net and keeps what comes up to them, at a fixed interval.",
            "deepcache(interval=1)", DeepCachePolicy.Settings, o => new DeepCachePolicy(o)),
        Entry("dato", "Runs a U-Net to a depth that each call has, and prunes tokens that others stand for from its attention.",
            "dato(depth=2,ratio=0)", DaToPolicy.Settings, o => new DaToPolicy(o)),
        Entry("tome", "Merges similar tokens of a U-Net's self-attention at full resolution.",
            "tome(ratio=0)", ToMePolicy.Settings, o => new ToMePolicy(o)),
        Entry("compress", "Runs self-attention for fewer tokens, by any score and reduction, and copies what it gives to the others.",
            "compress(keep=1)", CompressPolicy.Settings, o => new CompressPolicy(o)),
        Entry("dllm-cache", "Keeps prompt and response of a text for some calls; computes the tokens that have changed most.",
            "dllm-cache(prompt=1,response=1)", DllmCachePolicy.Settings, o => new DllmCachePolicy(o)),
        Entry("block-cache", "Keeps keys and values of a text while one of its blocks is written.",
            "block-cache(refresh=1)", BlockCachePolicy.Settings, o => new BlockCachePolicy(o)),
    ];

    private static readonly Catalog<ICachePolicy> s_catalog = new(Kind, policy => policy.Name, [.. All]);

    /// <summary>
    /// Makes a method from its name and settings: <c>speca</c>, <c>speca(order=4,base=0.3)</c>, or <c>@file.json</c> with {"policy": "speca",
    /// "order": 4}.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The name or a setting is unknown, or a value is out of range; the message says what is accepted.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ICachePolicy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return s_catalog.Parse(text.StartsWith('@') ? Read(text[1..]) : Phrase.Parse(Kind, text));
    }

    /// <summary>Makes several methods from a text in which they are separated by semicolons.</summary>
    /// <exception cref="ArgumentException">A method is unknown or invalid, or the list is empty.</exception>
    public static IReadOnlyList<ICachePolicy> ParseList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return parts.Length == 0 ? throw new ArgumentException($"\"{text}\" names no policy.") : [.. parts.Select(Parse)];
    }

    /// <summary>Name of the field in a policy file that describes how the policy was measured; it is not a setting.</summary>
    public const string AboutProperty = "about";

    /// <summary>The fields of a policy file for a policy: "policy" with its name, then its settings.</summary>
    /// <exception cref="ArgumentException">The text does not name a policy.</exception>
    public static IReadOnlyList<(string Name, string Value)> Spell(string policy)
    {
        var phrase = Phrase.Parse(Kind, Parse(policy).Name);
        var settings = All.First(entry => entry.Name == phrase.Name).Settings;
        return [("policy", phrase.Name),
            .. phrase.Settings.Select(s => (s.Name.Length > 0 ? s.Name : settings.First(setting => setting.IsPositional).Name, s.Value))];
    }

    /// <summary>Name of the field in a policy file that lists the members of a front, each a policy of its own.</summary>
    public const string FrontProperty = "front";

    /// <summary>What a policy file says: of a front's file, <c>front.json#3</c>, what its third member is.</summary>
    /// <exception cref="ArgumentException">A member is named that is not there, or none where there are several.</exception>
    /// <exception cref="WeightFileException">The file cannot be read.</exception>
    internal static ForeignJson Open(string path)
    {
        const int MaxBytes = 1 << 20, MaxFrontBytes = 64 << 20; // a front keeps all that was tried
        var (file, member) = path.LastIndexOf('#') is var at and > 0 && !File.Exists(path) ? (path[..at], path[(at + 1)..]) : (path, null);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException(
                file.Length == 0 ? "\"@\" names no policy file; its name stands behind it." : $"There is no policy file {file}.", file);
        }

        var json = ForeignJson.Read(file, member is null ? MaxBytes : MaxFrontBytes);
        if (json.Find(FrontProperty) is not { } front)
        {
            return member is null ? json : throw new ArgumentException($"{file} has one policy and no front; leave #{member} out.");
        }

        var members = front.AsItems();
        return int.TryParse(member, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= members.Count
            ? members[number - 1]
            : throw new ArgumentException(
                members.Count == 0 ? $"{file} has a front without members."
                : $"{file} has a front of {members.Count} members{(member is null ? "" : $", and no #{member}")}; name one, #1 to #{members.Count}.");
    }

    private static Phrase Read(string path)
    {
        try
        {
            var json = Open(path);
            var name = json.Require("policy").AsText();
            return new Phrase(name, [.. json.Fields().Where(f => f.Name is not ("policy" or AboutProperty)).Select(f =>
                (f.Name, f.Name == "forecast" ? Beside(path, Text(f.Value)) : Text(f.Value)))]);
        }
        catch (WeightFileException wrong)
        {
            throw new ArgumentException(wrong.Message, wrong); // the request is wrong, not a model's file
        }
    }

    // A fit lies beside the policy file that names it.
    private static string Beside(string path, string file) => Path.Combine(Path.GetDirectoryName(path) ?? "", file);

    private static string Text(ForeignJson setting) =>
        setting.IsText ? setting.AsText()
        : setting.IsNumber || setting.IsFlag ? setting.RawText
        : throw setting.Error($"is {(setting.IsList ? "a list" : "an object")}; a setting is a text, a number, true or false.");

    private static PolicyEntry Entry<TOptions>(
        string name, string summary, string mostCautious, SettingList<TOptions> settings, Func<TOptions, ICachePolicy> create)
        where TOptions : class, new() => new(name, summary, mostCautious, settings.Describe(), pairs => create(settings.Parse(pairs)));
}
