using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Pipelines;

namespace Augur.Requests;

/// <summary>
/// What somebody asked for, before a model is known: read from JSON, from a form or from a command line, or made in code. A model turns it into
/// requests. What is not given is the model's own, as <see cref="Fields"/> says.
/// </summary>
public sealed record RequestDescription
{
    /// <summary>The most pictures of one description.</summary>
    public const int MaxCount = 4096;

    /// <summary>Pictures where neither a number nor a class is given.</summary>
    public const int DefaultCount = 16;

    /// <summary>The most pixels of a picture's side.</summary>
    public const int MaxSize = 8192;

    /// <summary>Pixels that a side has at least where no size is given, so that small pictures can be seen.</summary>
    public const int VisibleSize = 128;

    /// <summary>Every field that JSON and text may have.</summary>
    public static IReadOnlyList<RequestField> Fields => RequestFields.All;

    /// <summary>Classes to draw, in turn; default none, which means all the model's.</summary>
    public IReadOnlyList<ClassChoice> Classes { get; init; } = [];

    /// <summary>Pictures, 1 to 4096; default one for each class given, else 16.</summary>
    public int? Count { get; init; }

    /// <summary>Seed of the first picture, any value; each further one has the next. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Whether the seed was written as a number from 2^63 on, and so are the pictures' seeds where they are told. Default no.</summary>
    public bool IsSeedUnsigned { get; init; }

    /// <summary>Sampler steps, 1 to 1000; default the quality's, else the model's.</summary>
    public int? Steps { get; init; }

    /// <summary>Sampler as the catalog spells it; default the quality's, else the model's.</summary>
    public string? Sampler { get; init; }

    /// <summary>Classifier-free guidance, 0 to 100; default the quality's, else the model's.</summary>
    public double? Guidance { get; init; }

    /// <summary>Channels that guidance acts on; default the model's.</summary>
    public GuidanceChannels? GuidanceChannels { get; init; }

    /// <summary>torch, cuda or file:PATH; default torch.</summary>
    public string Noise { get; init; } = "torch";

    /// <summary>Pixels of a picture's side; default the model's own size, enlarged to at least 128.</summary>
    public int? Size { get; init; }

    /// <summary>Caching method as the catalog spells it, or @file.json; default as the quality says.</summary>
    public string? Policy { get; init; }

    /// <summary>Word for one of the model's profiles; default high, where the model has it and the run is as it was measured.</summary>
    public string? Quality { get; init; }

    /// <summary>Most bytes of kept features of one picture; default no limit.</summary>
    public long? CacheBudget { get; init; }

    /// <summary>Share of the calls to audit, 0 to 1; default 0.</summary>
    public double AuditShare { get; init; }

    /// <summary>Whether step events carry a small picture; default no.</summary>
    public bool Previews { get; init; }

    /// <summary>Whether noise, policies and routers may be files of this machine; default no: a description may come from a stranger.</summary>
    public bool MayReadFiles { get; init; }

    /// <summary>How messages name a field to whoever wrote the description.</summary>
    internal Func<string, string> Spell { get; init; } = name => name;

    /// <summary>Reads a JSON object of <see cref="Fields"/>; null means not given.</summary>
    /// <param name="utf8">The text.</param>
    /// <exception cref="ArgumentException">
    /// It is no JSON object, has a field that is not known or twice, or a value that a field cannot have.
    /// </exception>
    public static RequestDescription FromJson(ReadOnlyMemory<byte> utf8) => RequestJson.Read(utf8);

    /// <summary>Sets fields from names and texts, as a form or a command line has them.</summary>
    /// <param name="fields">Names of <see cref="Fields"/> with their texts; a list's name may come several times.</param>
    /// <param name="spell">How messages name a field; default by its name.</param>
    /// <exception cref="ArgumentException">A field is not known or given twice, or a text is not what the field may be.</exception>
    public RequestDescription With(IEnumerable<(string Name, string Text)> fields, Func<string, string>? spell = null)
    {
        var read = this with { Spell = spell ?? (name => name) };
        var given = new HashSet<string>();
        foreach (var (name, text) in fields)
        {
            var field = RequestFields.Find(name);
            var isFirst = given.Add(name);
            if (!field.IsList && !isFirst)
            {
                throw new ArgumentException($"{read.Spell(name)} is given twice.");
            }

            if (field.IsList && isFirst)
            {
                read = read with { Classes = [] }; // what is given takes the place of what was there
            }

            read = field.Write(read, new RequestValue(read.Spell(name), text, Kind: null));
        }

        return read;
    }

    /// <summary>Refuses what no model could draw, before one is loaded.</summary>
    /// <exception cref="ArgumentException">A method or sampler is not known, or method and quality are both given.</exception>
    /// <exception cref="IOException">A policy file cannot be read.</exception>
    public void Require() => RequestBuilder.Require(this);

    /// <summary>The numbers of the classes given.</summary>
    /// <exception cref="ArgumentException">The model has no such class.</exception>
    public IReadOnlyList<int> ClassNumbers(DiffusionModel model) => [.. Classes.Select(c => c.In(model))];

    /// <summary>One request for each picture.</summary>
    /// <param name="model">What draws.</param>
    /// <param name="spread">The first pictures, however many, are of classes from all over the list; otherwise of the first classes.</param>
    /// <exception cref="ArgumentException">The model cannot serve this; the message says what it can.</exception>
    /// <exception cref="IOException">A file of noise or settings cannot be read.</exception>
    public IReadOnlyList<GenerationRequest> Requests(DiffusionModel model, bool spread = false) => new RequestBuilder(this, model).Build(spread);

    /// <summary>Repetitions of each pixel that give the size asked for.</summary>
    /// <exception cref="ArgumentException">The size is no whole multiple of the model's own.</exception>
    public int Enlargement(DiffusionModel model)
    {
        var own = model.Denoiser.LatentShape[2] * model.Decoder.PixelsPerCell;
        if (Size is not { } size)
        {
            return own >= VisibleSize ? 1 : (VisibleSize + own - 1) / own;
        }

        return size >= own && size <= MaxSize && size % own == 0 ? size / own
            : throw new ArgumentException($"{Spell("size")} is {size}; it is {own}, this model's own, or a whole multiple of it up to {MaxSize}.");
    }
}
