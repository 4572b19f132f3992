using System.Collections.Immutable;
using Augur.Conditioning;
using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Requests;

/// <summary>The picture files that a description names: one to begin with, a mask, pictures that a text refers to.</summary>
internal sealed class SourceFiles
{
    private const double UsualStrength = 0.6; // where all of a picture may change

    private readonly PictureStart? _start;
    private readonly ImmutableArray<ReferenceLatent> _references;

    private SourceFiles(PictureStart? start, ImmutableArray<ReferenceLatent> references) => (_start, _references) = (start, references);

    /// <summary>Reads and encodes them.</summary>
    /// <exception cref="ArgumentException">They do not fit the model or each other; the message names the field and the file.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is no picture.</exception>
    public static SourceFiles Of(RequestDescription asked, DiffusionModel model)
    {
        var editor = new PictureEditor(model);
        RequireSense(asked);
        if (asked.References.Count > 0 && model.Denoiser.ReferenceChannels == 0)
        {
            throw new ArgumentException(
                $"{asked.Spell("reference")}: this model's prompts refer to no pictures; {asked.Spell("init")} begins with one.");
        }

        var start = asked.Init is { } file ? StartOf(asked, file, editor) : null;
        return new(start, [.. asked.References.Select(path => Named(asked, "reference", path, () => editor.Encode(Read(asked, "reference", path))))]);
    }

    /// <summary>The request with what was read.</summary>
    public GenerationRequest In(GenerationRequest request)
    {
        var referring = _references.IsEmpty ? request : request with { Condition = new EditCondition(request.Condition, _references) };
        return _start?.Of(referring) ?? referring;
    }

    private static void RequireSense(RequestDescription asked)
    {
        (string Field, object? Value)[] fields = [("mask", asked.Mask), ("box", asked.Box), ("paste", asked.Paste), ("strength", asked.Strength)];
        if (asked.Init is null && fields.FirstOrDefault(f => f.Value is not null) is { Field: { } given })
        {
            throw new ArgumentException($"{asked.Spell(given)} belongs to a picture that is changed; give it with {asked.Spell("init")}.");
        }

        if (asked.Mask is not null && asked.Box is not null)
        {
            throw new ArgumentException($"{asked.Spell("mask")} and {asked.Spell("box")} both say what may change; give one of them.");
        }

        if (asked.Paste is not null && asked.Box is null)
        {
            throw new ArgumentException($"{asked.Spell("paste")} is laid into a rectangle; give that with {asked.Spell("box")}.");
        }
    }

    private static PictureStart StartOf(RequestDescription asked, string file, PictureEditor editor)
    {
        var picture = Read(asked, "init", file);
        if (asked.Box is { } box)
        {
            return Named(asked, "box", box.ToString(), () =>
            {
                box.RequireIn(picture);
                var composed = asked.Paste is not { } pasted ? picture
                    : picture.Paste(Read(asked, "paste", pasted), box.Left, box.Top, box.Width, box.Height);
                return editor.Start(composed, box.Mask(picture.Width, picture.Height), asked.Strength ?? 1);
            });
        }

        var mask = asked.Mask is { } masked ? Read(asked, "mask", masked) : null;
        return Named(
            asked, mask is null ? "init" : "mask", asked.Mask ?? file,
            () => editor.Start(picture, mask, asked.Strength ?? (mask is null ? UsualStrength : 1)));
    }

    private static RgbImage Read(RequestDescription asked, string field, string path)
    {
        if (!asked.MayReadFiles)
        {
            throw new ArgumentException($"\"{path}\" names a file, and this description may not read files.");
        }

        try
        {
            return RgbImage.Load(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{asked.Spell(field)} {path}: there is no such file.", path, missing);
        }
        catch (UnauthorizedAccessException folder) when (Directory.Exists(path))
        {
            throw new IOException($"{asked.Spell(field)} {path}: this is a folder, not a picture.", folder);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{asked.Spell(field)} {wrong.Message}", wrong);
        }
    }

    private static T Named<T>(RequestDescription asked, string field, string path, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException wrong) when (wrong is not ArgumentOutOfRangeException)
        {
            throw new ArgumentException($"{asked.Spell(field)} {path}: {wrong.Message}", wrong);
        }
    }
}
