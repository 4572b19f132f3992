using System.Globalization;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Requests;

namespace Augur.Cli.Commands.Generate;

/// <summary>
/// The files of one <c>augur generate</c>: a sheet of all pictures and, if wanted, each picture alone. What cannot be written is found before
/// anything is drawn.
/// </summary>
/// <param name="Sheet">Where the sheet goes.</param>
/// <param name="Each">Whether every picture is also written alone.</param>
/// <param name="Count">Pictures that shall be drawn.</param>
/// <param name="Width">Of a picture, in pixels, before it is enlarged.</param>
/// <param name="Height">Of a picture, likewise.</param>
/// <param name="Enlargement">Repetitions of each pixel per direction.</param>
internal sealed record PictureFiles(string Sheet, bool Each, int Count, int Width, int Height, int Enlargement)
{
    /// <summary>Why there can be no sheet; null: there can.</summary>
    public string? SheetProblem
    {
        get
        {
            var (width, height) = ImageGrid.SizeOf(Count, Columns(Count), Width, Height, Layout);
            if (width > RgbImage.MaxPixels / height)
            {
                return $"a sheet of {Count} pictures would have {width}x{height} pixels, more than {RgbImage.MaxPixels}";
            }

            var (bytes, available) = (3 * width * height, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
            return bytes <= available ? null
                : $"a sheet of {width}x{height} pixels takes {ByteSize.Format(bytes)}, and there are {ByteSize.Format(available)}";
        }
    }

    // A single picture has no frame, so that another can begin with it.
    private ImageGridOptions Layout => Count == 1 ? new() { Enlargement = Enlargement, Padding = 0 } : new() { Enlargement = Enlargement };

    /// <summary>A picture's own file, beside the sheet.</summary>
    public string Alone(int index) => Path.Combine(
        Path.GetDirectoryName(Sheet) ?? "", string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(Sheet)}-{index:000}.png"));

    /// <summary>Every file, with the option that asks for it.</summary>
    public IEnumerable<(string Option, string Path)> All =>
        [("--out", Sheet), .. Enumerable.Range(0, Each ? Count : 0).Select(i => ("--each", Alone(i)))];

    /// <summary>Whether a sheet is written.</summary>
    /// <exception cref="CommandException">It cannot be, and it would be the only file.</exception>
    public bool RequireSheet(TextWriter error)
    {
        if (Each && OutputFile.IsWrittenInto(Sheet))
        {
            throw CommandException.WrongUse($"--each writes pictures beside --out, and {Sheet} is no file that others could lie beside.");
        }

        if (SheetProblem is not { } problem)
        {
            return true;
        }

        if (!Each)
        {
            throw CommandException.WrongUse($"{problem}; give a smaller --size or --count, or --each, which needs no sheet.");
        }

        error.WriteLine($"augur: {problem}; the pictures are written one by one, without it.");
        return false;
    }

    /// <summary>Writes the pictures, and the sheet last: should that fail, they are there.</summary>
    /// <param name="drawn">In the places of their requests; null: not drawn.</param>
    /// <param name="parameters">Of those that were drawn, in order.</param>
    /// <param name="hasSheet">As <see cref="RequireSheet"/> says.</param>
    /// <param name="error">Is told where pictures are that were to be on a sheet only.</param>
    /// <returns>The pictures' own files.</returns>
    public IReadOnlyList<string> Write(IReadOnlyList<GenerationResult?> drawn, GenerationParameters parameters, bool hasSheet, TextWriter error)
    {
        var files = new List<string>();
        if (Each)
        {
            WriteAlone(drawn, parameters, Enlargement, files);
        }

        if (!hasSheet)
        {
            return files;
        }

        try
        {
            RgbImage[] images = [.. drawn.OfType<GenerationResult>().Select(r => r.Image)];
            ImageGrid.Compose(images, Columns(images.Length), Layout).SavePng(Sheet, parameters.AsText());
        }
        catch (Exception problem) when (!Each && !OutputFile.IsWrittenInto(Sheet) && problem is IOException or OutOfMemoryException)
        {
            Rescue(drawn, parameters, error);
            throw;
        }

        return files;
    }

    // Hours may lie in pictures: without enlargement and sheet they take little, perhaps little enough.
    private void Rescue(IReadOnlyList<GenerationResult?> drawn, GenerationParameters parameters, TextWriter error)
    {
        var files = new List<string>();
        try
        {
            WriteAlone(drawn, parameters, enlargement: 1, files);
        }
        catch (Exception problem) when (problem is IOException or OutOfMemoryException)
        {
            // What made the sheet fail is told, and what could be saved.
        }

        var names = files.Count == 0 ? "" : $": {Printable.Line(string.Join(", ", files))}";
        error.WriteLine($"augur: the sheet could not be written; {files.Count} pictures are saved{names}.");
    }

    private void WriteAlone(IReadOnlyList<GenerationResult?> drawn, GenerationParameters parameters, int enlargement, List<string> files)
    {
        for (var i = 0; i < drawn.Count; i++)
        {
            if (drawn[i] is { } result)
            {
                var alone = parameters with { Pictures = [parameters.Pictures[files.Count]] };
                result.Image.Enlarge(enlargement).SavePng(Alone(i), alone.AsText());
                files.Add(Alone(i));
            }
        }
    }

    private static int Columns(int count) => (int)Math.Ceiling(Math.Sqrt(count));
}
