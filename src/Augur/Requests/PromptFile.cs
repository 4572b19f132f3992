using System.Text;
using Augur.Tensors.Weights;

namespace Augur.Requests;

/// <summary>A file of prompts, one a line.</summary>
internal static class PromptFile
{
    private const int MaxBytes = 16 << 20;

    /// <summary>Its prompts, without the blanks around them; lines of blanks are none.</summary>
    /// <param name="name">The field or option that names it, for messages.</param>
    /// <param name="path">UTF-8 text.</param>
    /// <exception cref="ArgumentException">It is not there, cannot be read, is no text, or holds no prompt.</exception>
    public static IReadOnlyList<string> Read(string name, string path)
    {
        try
        {
            var text = !File.Exists(path) ? throw new ArgumentException($"{name} {path}: there is no such file.")
                : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(UntrustedFile.Read(path, MaxBytes));
            string[] prompts = [.. text.TrimStart('\uFEFF').Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
            return prompts.Length > 0 ? prompts : throw new ArgumentException($"{name} {path}: the file holds no prompt; it has one a line.");
        }
        catch (DecoderFallbackException error)
        {
            throw new ArgumentException($"{name} {path}: the file is not UTF-8 text.", error);
        }
        catch (WeightFileException error)
        {
            throw new ArgumentException($"{name} {error.Message}", error);
        }
    }
}
