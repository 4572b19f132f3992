using System.Runtime.CompilerServices;
using Augur.Conditioning;
using Augur.Pipelines;
using Augur.Tensors.Weights;

namespace Augur.Requests;

/// <summary>
/// A request for pictures that is independent of a model: read from JSON, a form or a command line, or made in code. <see cref="Requests"/> turns it
/// into requests for a model. Settings that are not given have the defaults that <see cref="Fields"/> states.
/// </summary>
public sealed record RequestDescription
{
    /// <summary>Largest number of pictures of one description.</summary>
    public const int MaxCount = 4096;

    /// <summary>Number of pictures if neither a count nor a class is given.</summary>
    public const int DefaultCount = 16;

    /// <summary>Largest side of a picture, in pixels.</summary>
    public const int MaxSize = 8192;

    /// <summary>Smallest side of a picture, in pixels, if no size is given: smaller ones are enlarged.</summary>
    public const int VisibleSize = 128;

    /// <summary>Every field that JSON and text may have.</summary>
    public static IReadOnlyList<RequestField> Fields => RequestFields.All;

    private IReadOnlyList<string>? _promptsOfFile; // what was read: a pipe, for one, cannot be read again

    /// <summary>Classes of the pictures, in turn, before those of <see cref="Prompts"/>; default: all classes of the model.</summary>
    public IReadOnlyList<ClassChoice> Classes { get; init => field = Whole(value); } = [];

    /// <summary>
    /// Texts of the pictures, in turn; for a model of classes their names or numbers. An empty text is a prompt, too. Default: none.
    /// </summary>
    public IReadOnlyList<string> Prompts { get; init => field = Whole(value); } = [];

    /// <summary>File of further prompts, one a line; it is read where <see cref="MayReadFiles"/> allows, once. Default: none.</summary>
    public string? PromptsFile
    {
        get;
        init => (field, _promptsOfFile) = (value, null);
    }

    /// <summary>What pictures shall not show: the text that guidance compares with. Default: the model's own, mostly the empty one.</summary>
    public string? Negative { get; init; }

    /// <summary>Number of pictures, 1 to 4096; default: one for each prompt or class given, else 16.</summary>
    public int? Count { get; init; }

    /// <summary>Seed of the first picture, any value; each further picture has the next seed. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Whether seeds are displayed as unsigned numbers, because the seed was given as a number from 2^63 on. Default false.</summary>
    public bool IsSeedUnsigned { get; init; }

    /// <summary>Sampler steps, 1 to 1000; default: those of the quality's profile, else the model's.</summary>
    public int? Steps { get; init; }

    /// <summary>Sampler in the catalog's notation, such as <c>ddim(eta=0.7)</c>; default: that of the quality's profile, else the model's.</summary>
    public string? Sampler { get; init; }

    /// <summary>Scale of classifier-free guidance, 0 to 100; default: that of the quality's profile, else the model's.</summary>
    public double? Guidance { get; init; }

    /// <summary>Channels that guidance acts on; default: the model's.</summary>
    public GuidanceChannels? GuidanceChannels { get; init; }

    /// <summary>
    /// Part of the run in which guidance acts; outside it only the conditional row is computed, so that the picture is another one (see
    /// <see cref="Conditioning.GuidanceInterval"/>). Default: that of the quality's profile, else the whole run.
    /// </summary>
    public GuidanceInterval? GuidanceInterval { get; init; }

    /// <summary>Noise source: torch, cuda or file:PATH; default torch.</summary>
    public string Noise { get; init => field = value.NotNull(nameof(Noise)); } = "torch";

    /// <summary>
    /// Size of a picture in pixels: one that the network draws, or where it draws only its own a whole multiple of that. Default: the model's own
    /// size, enlarged to at least 128.
    /// </summary>
    public PictureSize? Size { get; init; }

    /// <summary>File of a picture to begin with, PNG or JPEG; it is read where <see cref="MayReadFiles"/> allows. Default: none.</summary>
    public string? Init { get; init; }

    /// <summary>Share of the steps that are taken from that picture on, above 0 to 1; default: 0.6, with a mask 1.</summary>
    public double? Strength { get; init; }

    /// <summary>File of a mask of that picture: black stays, white is drawn anew. Default: all is.</summary>
    public string? Mask { get; init; }

    /// <summary>In place of a mask the rectangle of that picture that is drawn anew.</summary>
    public PictureBox? Box { get; init; }

    /// <summary>File of a picture that is laid into the box, scaled to it, before all begins (composition).</summary>
    public string? Paste { get; init; }

    /// <summary>Files of pictures that prompts refer to, for models that read them. Default: none.</summary>
    public IReadOnlyList<string> References { get; init => field = Whole(value); } = [];

    /// <summary>
    /// Caching method in the catalog's notation, such as <c>speca(base=0.3)</c>, or @file.json; default: that of the quality's profile.
    /// </summary>
    public string? Policy { get; init; }

    /// <summary>
    /// Name of one of the model's profiles; default: high, if the model has it and the run's settings are those that it was measured with.
    /// </summary>
    public string? Quality { get; init; }

    /// <summary>Most bytes of cached features of one picture; default: no limit.</summary>
    public long? CacheBudget { get; init; }

    /// <summary>Share of the network calls to audit, 0 to 1; default 0.</summary>
    public double AuditShare { get; init; }

    /// <summary>Whether step events carry a preview picture; default false.</summary>
    public bool Previews { get; init; }

    /// <summary>Whether noise, policies and routers may be read from local files; default false, because descriptions may be untrusted.</summary>
    public bool MayReadFiles { get; init; }

    /// <summary>Names a field in messages as the author of the description knows it: <c>--steps</c>, <c>"steps"</c>.</summary>
    internal Func<string, string> Spell { get; init; } = name => name;

    /// <summary>Reads a file of such JSON.</summary>
    /// <exception cref="ArgumentException">As for <see cref="FromJson"/>; the message names the file.</exception>
    /// <exception cref="WeightFileException">The file cannot be read, or is too long.</exception>
    public static RequestDescription FromFile(string path)
    {
        var content = UntrustedFile.Read(path, RequestJson.MaxBytes);
        try
        {
            return FromJson(content);
        }
        catch (ArgumentException wrong)
        {
            throw new ArgumentException($"{path}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Reads a JSON object whose fields are <see cref="Fields"/>; null means not given.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <exception cref="ArgumentException">The text is not a JSON object, or it has an unknown or repeated field or an invalid value.</exception>
    public static RequestDescription FromJson(ReadOnlyMemory<byte> utf8) => RequestJson.Read(utf8);

    /// <summary>Returns the description with fields set from pairs of name and text, as in a form or on a command line.</summary>
    /// <param name="fields">Names of <see cref="Fields"/> with their texts; the name of a list may be repeated.</param>
    /// <param name="spell">How messages name a field; default: by its name.</param>
    /// <exception cref="ArgumentException">A field is unknown or repeated, or its text is invalid.</exception>
    public RequestDescription With(IEnumerable<(string Name, string Text)> fields, Func<string, string>? spell = null)
    {
        var read = this with { Spell = spell ?? (name => name) };
        var (given, subjects) = (new HashSet<string>(), new HashSet<string>());
        foreach (var (name, text) in fields.NotNull())
        {
            var field = RequestFields.Find(name);
            var isFirst = given.Add(name);
            if (!field.IsList && !isFirst)
            {
                throw new ArgumentException($"{read.Spell(name)} is given twice.");
            }

            if (field.IsSubject && subjects.Add(name) && subjects.Count == 1)
            {
                read = read with { Classes = [], Prompts = [], PromptsFile = null }; // what is given replaces what there was
            }

            read = field.Write(read, new RequestValue(read.Spell(name), text, Kind: null));
        }

        return read;
    }

    /// <summary>Checks what can be checked before a model is loaded.</summary>
    /// <exception cref="ArgumentException">A caching method or sampler is unknown, or both a method and a quality are given.</exception>
    /// <exception cref="IOException">A policy file cannot be read.</exception>
    public void Require() => RequestBuilder.Require(this);

    /// <summary>The numbers of the given classes in a model, those that are given as prompts too.</summary>
    /// <exception cref="ArgumentException">The model has no such class.</exception>
    public IReadOnlyList<int> ClassNumbers(DiffusionModel model) =>
        [.. Classes.Concat(AllPrompts().Select(ClassChoice.Named)).Select(c => c.In(model))];

    /// <summary>The prompts that are given, then those of the file.</summary>
    /// <exception cref="ArgumentException">The file may not or cannot be read.</exception>
    public IReadOnlyList<string> AllPrompts() => PromptsFile is not { } file ? Prompts
        : MayReadFiles ? [.. Prompts, .. _promptsOfFile ??= PromptFile.Read(Spell("promptsFile"), file)]
        : throw new ArgumentException($"\"{file}\" names a file, and this description may not read files.");

    /// <summary>
    /// A sentence, without a full stop, where prompts have weights in brackets, which other programs interpret and this one leaves as text; null
    /// where none has.
    /// </summary>
    public string? NoteOnPrompts() => Subjects.NoteOn(AllPrompts());

    /// <summary>Sentences, without a full stop, on what of the given pictures does not enter as it is: what is transparent.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is no picture.</exception>
    public IReadOnlyList<string> NotesOnPictures() => SourceFiles.NotesOn(this);

    /// <summary>Makes one request for each picture.</summary>
    /// <param name="model">The model that generates the pictures.</param>
    /// <param name="spread">
    /// Whether classes are taken evenly from the whole list, whatever the number of pictures; otherwise from its beginning.
    /// </param>
    /// <exception cref="ArgumentException">The model cannot serve the description; the message says what it accepts.</exception>
    /// <exception cref="IOException">A file of noise or settings cannot be read.</exception>
    public IReadOnlyList<GenerationRequest> Requests(DiffusionModel model, bool spread = false) =>
        new RequestBuilder(this, model.NotNull()).Build(spread);

    /// <summary>Factor by which each pixel is repeated to reach the requested size.</summary>
    /// <exception cref="ArgumentException">The model does not draw that size.</exception>
    public int Enlargement(DiffusionModel model) => DrawnSize.Of(this, model.NotNull()).Enlargement;

    private static IReadOnlyList<T> Whole<T>(IReadOnlyList<T> list, [CallerMemberName] string name = "")
        where T : class => list.NotNull(name).Contains(null!) ? throw new ArgumentException($"{name} holds null.", name) : list;
}
