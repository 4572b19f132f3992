using System.Text;

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
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > MaxBytes)
            {
                throw new ArgumentException($"{name} {path}: {(file.Exists ? $"more than {MaxBytes} bytes" : "there is no such file")}.");
            }

            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            string[] prompts = [.. text.TrimStart('\uFEFF').Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
            return prompts.Length > 0 ? prompts : throw new ArgumentException($"{name} {path}: the file holds no prompt; it has one a line.");
        }
        catch (Exception error) when (error is DecoderFallbackException or IOException or UnauthorizedAccessException)
        {
            var what = error is DecoderFallbackException ? "the file is not UTF-8 text" : $"cannot be read ({error.Message.TrimEnd('.')})";
            throw new ArgumentException($"{name} {path}: {what}.", error);
        }
    }
}
