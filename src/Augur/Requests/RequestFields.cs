using Augur.Conditioning;
using Augur.Sampling;

namespace Augur.Requests;

/// <summary>Every field of a request's description: used to read JSON, forms and the options of the command line.</summary>
internal static class RequestFields
{
    public static IReadOnlyList<RequestField> All { get; } =
    [
        Field("prompt", "texts, for a model of classes their names or numbers", "none", "What to draw, in turn.",
            (r, v) => r with { Prompts = [.. r.Prompts, v.AnyText("a text")] }) with { IsList = true, IsSubject = true },
        Field("promptsFile", "a path", "none", "File with a prompt a line, after those given.",
            (r, v) => r with { PromptsFile = v.Words("the path of a file") }) with { IsSubject = true },
        Field("negative", "a text", "none", "What pictures shall not show, for models of prompts.",
            (r, v) => r with { Negative = v.AnyText("a text") }),
        Field("class", "names or numbers of classes", "all of them", "Classes to draw, in turn, for models of classes.",
            (r, v) => r with { Classes = [.. r.Classes, v.Class()] }) with { IsList = true, IsSubject = true },
        Field("count", $"1 to {RequestDescription.MaxCount}", $"one for each prompt or class given, else {RequestDescription.DefaultCount}",
            "Pictures to draw.",
            (r, v) => r with { Count = v.Integer(1, RequestDescription.MaxCount) }),
        Field("seed", "-2^63 to 2^64-1", "0", "Seed of the first picture; each further one has the next.",
            (r, v) => r with { Seed = v.Seed(), IsSeedUnsigned = v.IsUnsigned }),
        Field("steps", "1 to 1000", "the model's", "Sampler steps.",
            (r, v) => r with { Steps = v.Integer(1, 1000) }),
        Field("sampler", string.Join(", ", Samplers.All.Select(s => s.Name)), "the model's",
            "Way from noise to picture, with settings as in \"ddim(eta=0.7)\".",
            (r, v) => r with { Sampler = v.Words("the name of a sampler") }),
        Field("guidance", "0 to 100; 1 is none", "the model's", "Classifier-free guidance.",
            (r, v) => r with { Guidance = v.Number("a number from 0 to 100", g => g is >= 0 and <= 100) }),
        Field("guidanceChannels", "all, first-three", "the model's",
            "Channels that guidance acts on; first-three is what DiT's released code does.",
            (r, v) => r with { GuidanceChannels = v.Choice(("all", GuidanceChannels.All), ("first-three", GuidanceChannels.FirstThree)) }),
        Field("guidanceInterval", "START-END, shares of the run's calls from 0 to 1, such as 0.2-0.8", "the whole run",
            "Part of the run in which guidance acts; outside it only the conditional row is computed, which saves time and changes the picture.",
            (r, v) => r with { GuidanceInterval = v.Interval() }),
        Field("noise", "torch, cuda, file:PATH", "torch", "Noise as PyTorch's generator on the processor or on CUDA makes it, or a saved tensor.",
            (r, v) => r with { Noise = v.Words("torch, cuda or file:PATH") }),
        Field(
            "size",
            "one number or WIDTHxHEIGHT: what the model draws, or where it draws one size a whole multiple of it, up to "
                + $"{RequestDescription.MaxSize}",
            $"the model's own; where it draws no other, at least {RequestDescription.VisibleSize}",
            "Pixels of a picture; multiples of a model's only size are enlarged without smoothing.",
            (r, v) => r with { Size = v.Size() }),
        Field("init", "a path of a PNG or JPEG", "none", "Picture to begin with.",
            (r, v) => r with { Init = v.Words("the path of a picture") }),
        Field("strength", "above 0 to 1", "0.6, with a mask 1", "Share of the steps that are taken from that picture on.",
            (r, v) => r with { Strength = v.Number("a number above 0, 1 at most", share => share is > 0 and <= 1) }),
        Field("mask", "a path of a PNG or JPEG", "all is drawn anew", "What may change of it: black stays, white is drawn anew.",
            (r, v) => r with { Mask = v.Words("the path of a picture") }),
        Field("box", "LEFT,TOP,WIDTH,HEIGHT in pixels", "none", "In place of a mask: the rectangle that may change.",
            (r, v) => r with { Box = v.Box() }),
        Field("paste", "a path of a PNG or JPEG", "none", "Picture that is laid into the box, scaled to it, before all begins.",
            (r, v) => r with { Paste = v.Words("the path of a picture") }),
        Field("reference", "paths of PNGs or JPEGs", "none", "Pictures that prompts refer to, for models that read them.",
            (r, v) => r with { References = [.. r.References, v.Words("the path of a picture")] }) with { IsList = true },
        Field("policy", "a method with settings as in \"speca(order=4,base=0.3)\", or @file.json", "as quality says",
            "Caching method; none computes every call.",
            (r, v) => r with { Policy = v.Words("the name of a caching method") }),
        Field("quality", "a profile of the model's, such as high or fast",
            "high, where the model has it and steps, sampler and guidance are those it was measured with; else no caching",
            "Caching method, by what it keeps of the uncached picture.",
            (r, v) => r with { Quality = v.Words("the word for one of the model's profiles") }),
        Field("cacheBudget", "an amount such as 64MB or 1GiB", "no limit", "Most memory for the kept features of one picture.",
            (r, v) => r with { CacheBudget = v.Bytes() }),
        Field("audit", "0 to 1", "0", "Share of the calls not computed that are computed on the side, for their true errors; changes no picture.",
            (r, v) => r with { AuditShare = v.Number("a number from 0 to 1", share => share is >= 0 and <= 1) }),
        Field("previews", "true, false", "false", "Whether step events carry a small picture.",
            (r, v) => r with { Previews = v.Flag() }),
    ];

    /// <summary>Finds a field by its name.</summary>
    /// <exception cref="ArgumentException">There is no such field; the message suggests the nearest.</exception>
    public static RequestField Find(string name) => All.FirstOrDefault(field => field.Name == name)
        ?? throw new ArgumentException($"A request has no field \"{name}\"; {Notation.Spelling.Suggest(name, All.Select(field => field.Name))}.");

    private static RequestField Field(
        string name, string values, string @default, string doc, Func<RequestDescription, RequestValue, RequestDescription> write) =>
        new(name, values, @default, doc) { Write = write };
}
