using System.Globalization;
using System.Text.Json;
using Augur.Conditioning;
using Augur.Notation;
using Augur.Tensors.Weights;

namespace Augur.Tuning;

/// <summary>Reads and writes <see cref="ProfileAbout"/> as JSON; one entry per field serves both.</summary>
internal static class ProfileFields
{
    private static readonly Field[] s_all =
    [
        Text("target", a => a.Target, (a, v) => a with { Target = v }),
        Text("model", a => a.Model, (a, v) => a with { Model = v }),
        Text("weights", a => a.Weights, (a, v) => a with { Weights = v }),
        Text("sampler", a => a.Sampler, (a, v) => a with { Sampler = v }),
        Whole("steps", 1, 1000, a => a.Steps, (a, v) => a with { Steps = (int)v }),
        Whole("calls", 1, 100_000, a => a.Calls, (a, v) => a with { Calls = (int)v }),
        Number("guidance", 0, 100, a => a.Guidance, (a, v) => a with { Guidance = v }),
        new(
            "guidanceInterval",
            (about, value) => GuidanceInterval.TryParse(value.AsText(), out var interval) ? about with { GuidanceInterval = interval }
                : throw value.Error($"is {WeightFileException.Quote(value.AsText())}; it is {GuidanceInterval.Values}."),
            (json, about) =>
            {
                if (about.GuidanceInterval is { } interval)
                {
                    json.WriteString("guidanceInterval", interval.ToString());
                }
            }),
        Whole("tried", 0, 1_000_000, a => a.Tried, (a, v) => a with { Tried = (int)v }),
        Whole("pictures", 1, 1_000_000, a => a.Pictures, (a, v) => a with { Pictures = (int)v }),
        Whole("seed", long.MinValue, long.MaxValue, a => a.Seed, (a, v) => a with { Seed = v }),
        Number("calibratedPsnr", 0, 100, a => a.CalibratedPsnr, (a, v) => a with { CalibratedPsnr = v }),
        Whole("heldOutPictures", 1, 1_000_000, a => a.HeldOutPictures, (a, v) => a with { HeldOutPictures = (int)v }),
        Whole("heldOutSeed", long.MinValue, long.MaxValue, a => a.HeldOutSeed, (a, v) => a with { HeldOutSeed = v }),
        Whole("heldOutSets", 1, 1_000_000, a => a.HeldOutSets, (a, v) => a with { HeldOutSets = (int)v }),
        Number("speedup", 0, 100_000, a => a.Speedup, (a, v) => a with { Speedup = v }),
        Number("psnr", 0, 100, a => a.Psnr, (a, v) => a with { Psnr = v }),
        Number("psnrLower", 0, 100, a => a.PsnrLower, (a, v) => a with { PsnrLower = v }),
        Number("psnrUpper", 0, 100, a => a.PsnrUpper, (a, v) => a with { PsnrUpper = v }),
        Number("confidence", 0, 1, a => a.Confidence, (a, v) => a with { Confidence = v }),
        Number("worstPsnr", 0, 100, a => a.WorstPsnr, (a, v) => a with { WorstPsnr = v }),
        Number("floorPsnr", 0, 100, a => a.FloorPsnr, (a, v) => a with { FloorPsnr = v }),
        Number("floorShare", 0, 1, a => a.FloorShare, (a, v) => a with { FloorShare = v }),
        Number("shareBelow", 0, 1, a => a.ShareBelow, (a, v) => a with { ShareBelow = v }),
        Number("shareBelowUpper", 0, 1, a => a.ShareBelowUpper, (a, v) => a with { ShareBelowUpper = v }),
        Whole("length", 1, 1_000_000, a => a.Length, (a, v) => a with { Length = (int)v }),
        Whole("texts", 1, 1_000_000, a => a.Texts, (a, v) => a with { Texts = (int)v }),
        Number("calibratedAgreement", 0, 100, a => a.CalibratedAgreement, (a, v) => a with { CalibratedAgreement = v }),
        Whole("heldOutTexts", 1, 1_000_000, a => a.HeldOutTexts, (a, v) => a with { HeldOutTexts = (int)v }),
        Number("agreement", 0, 100, a => a.Agreement, (a, v) => a with { Agreement = v }),
        Number("agreementLower", 0, 100, a => a.AgreementLower, (a, v) => a with { AgreementLower = v }),
        Number("agreementUpper", 0, 100, a => a.AgreementUpper, (a, v) => a with { AgreementUpper = v }),
        Number("worstAgreement", 0, 100, a => a.WorstAgreement, (a, v) => a with { WorstAgreement = v }),
        Text("note", a => a.Note, (a, v) => a with { Note = v }),
    ];

    /// <summary>Reads the object in the field "about" of a policy file.</summary>
    /// <param name="about">The object.</param>
    /// <exception cref="WeightFileException">
    /// A field is unknown, or its value has the wrong type or is out of range; the message names file, field and value.
    /// </exception>
    public static ProfileAbout Read(ForeignJson about)
    {
        var read = new ProfileAbout();
        foreach (var (name, value) in about.Fields())
        {
            var field = Array.Find(s_all, f => f.Name == name)
                ?? throw about.Error(
                    $"has no field {WeightFileException.Quote(name)}; the nearest is '{Spelling.Nearest(name, s_all.Select(f => f.Name))}'.");
            read = field.Read(read, value);
        }

        return read;
    }

    /// <summary>Writes the fields that are not null, as an object.</summary>
    public static void Write(Utf8JsonWriter json, ProfileAbout about)
    {
        json.WriteStartObject();
        foreach (var field in s_all)
        {
            field.Write(json, about);
        }

        json.WriteEndObject();
    }

    private static Field Text(string name, Func<ProfileAbout, string?> get, Func<ProfileAbout, string, ProfileAbout> with) => new(
        name,
        (about, value) => with(about, value.AsText()),
        (json, about) =>
        {
            if (get(about) is { } text)
            {
                json.WriteString(name, text);
            }
        });

    private static Field Whole(string name, long low, long high, Func<ProfileAbout, long?> get, Func<ProfileAbout, long, ProfileAbout> with) => new(
        name,
        (about, value) => long.TryParse(value.RawText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= low
            && number <= high
            ? with(about, number)
            : throw value.Error(FormattableString.Invariant(
                $"is {Shown(value)}; it is a whole number{(low == long.MinValue ? "" : $" from {low} to {high}")}.")),
        (json, about) =>
        {
            if (get(about) is { } number)
            {
                json.WriteNumber(name, number);
            }
        });

    private static Field Number(string name, double low, double high, Func<ProfileAbout, double?> get, Func<ProfileAbout, double,
        ProfileAbout> with) => new(
        name,
        (about, value) => value.AsNumber() is var number && number >= low && number <= high ? with(about, number)
            : throw value.Error(FormattableString.Invariant($"is {number}; it is a number from {low} to {high}.")),
        (json, about) =>
        {
            if (get(about) is { } number)
            {
                json.WriteNumber(name, number);
            }
        });

    private static string Shown(ForeignJson value) => value.IsNumber ? value.RawText : value.IsText ? "a text" : value.IsObject ? "an object"
        : value.IsList ? "a list" : "true or false";

    private sealed record Field(string Name, Func<ProfileAbout, ForeignJson, ProfileAbout> Read, Action<Utf8JsonWriter, ProfileAbout> Write);
}
