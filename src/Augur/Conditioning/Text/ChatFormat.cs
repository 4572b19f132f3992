using System.Text;
using System.Text.RegularExpressions;
using Augur.Conditioning.Text.Tokenization;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>A turn of a conversation.</summary>
/// <param name="Role">system, user or assistant.</param>
/// <param name="Text">What was said.</param>
public readonly record struct ChatTurn(string Role, string Text);

/// <summary>
/// How a conversation becomes the beginning of a text that the assistant continues. Which form a model was trained on is told by the marks in the
/// template of its tokenizer, chat_template.jinja or <c>chat_template</c> of its tokenizer_config.json; the template itself is a program, and is not
/// run.
/// </summary>
public sealed partial class ChatFormat
{
    private static readonly ChatFormat[] s_known =
    [
        new("Llama 3's", "<|start_header_id|>", "<|startoftext|>", "<|start_header_id|>{0}<|end_header_id|>\n\n", "<|eot_id|>", trims: true),
        new("ChatML", "<|im_start|>", "", "<|im_start|>{0}\n", "<|im_end|>\n", trims: false),
        new("plain", "<|user|>", "", "<|{0}|>", "", trims: false),
    ];

    private readonly string _mark;
    private readonly string _begin;
    private readonly string _role;
    private readonly string _end;
    private readonly bool _trims;
    private ChatFormat(string name, string mark, string begin, string role, string end, bool trims) =>
        (Name, _mark, _begin, _role, _end, _trims) = (name, mark, begin, role, end, trims);

    /// <summary>For messages.</summary>
    public string Name { get; }

    // Whose marks are tokens where a role has one of its own; null: all have.
    private TextTokenizer? Tokenizer { get; init; }

    // What the system says where a conversation has no message of it; null: nothing.
    private string? UsualSystem { get; init; }

    /// <summary>The form of a model's tokenizer.</summary>
    /// <param name="path">The tokenizer's folder, or a file in it.</param>
    /// <param name="tokenizer">
    /// The tokenizer: a message of somebody whose mark is none of its tokens is refused, since the mark would be read as a word. Null: none is.
    /// </param>
    /// <returns>Null: it names no template.</returns>
    /// <exception cref="WeightFileException">The template is of a form that is not built, or the file is damaged.</exception>
    public static ChatFormat? Find(string path, TextTokenizer? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Template(folder) is not var (text, error))
        {
            return null;
        }

        var found = s_known.FirstOrDefault(format => text.Contains(format._mark, StringComparison.Ordinal));
        if (found is null)
        {
            throw error($"is of a form that is not built; those with {string.Join(", ", s_known.Select(format => format._mark))} are.");
        }

        var begins = text.Contains("bos_token", StringComparison.Ordinal) || text.Contains(found._begin, StringComparison.Ordinal);
        return new(found.Name, found._mark, begins ? found._begin : "", found._role, found._end, found._trims)
        {
            Tokenizer = tokenizer,
            UsualSystem = WrittenSystem().Match(text) is { Success: true } written
                ? written.Groups[1].Value.Replace("\\n", "\n", StringComparison.Ordinal) : null,
        };
    }

    /// <summary>The conversation, up to where the assistant goes on.</summary>
    /// <param name="messages">At least one.</param>
    /// <exception cref="ArgumentException">There is none, or a role is unknown to the format or to the tokenizer.</exception>
    public string Write(IEnumerable<ChatTurn> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var text = new StringBuilder(_begin);
        var count = 0;
        foreach (var message in messages)
        {
            if (count == 0 && message.Role != "system" && UsualSystem is { } system)
            {
                text.Append(Role("system")).Append(system).Append(_end);
            }

            if (message.Role is not ("system" or "user" or "assistant"))
            {
                throw new ArgumentException($"A message is of the system, the user or the assistant, not of \"{message.Role}\".", nameof(messages));
            }

            if (_role.StartsWith("<|{0}|>", StringComparison.Ordinal) && Tokenizer is not null && Tokenizer.Find(Role(message.Role)) is null)
            {
                throw new ArgumentException(
                    $"This model reads no message of the {message.Role}: {Role(message.Role)}, which would begin it, is no token.", nameof(messages));
            }

            text.Append(Role(message.Role)).Append(_trims ? message.Text.Trim() : message.Text).Append(_end);
            count++;
        }

        return count > 0 ? text.Append(Role("assistant")).ToString()
            : throw new ArgumentException("A conversation has one message at least.", nameof(messages));
    }

    // A file of its own counts before the configuration, as it does for the library that writes both; of several with names, the default.
    private static (string Text, Func<string, WeightFileException> Error)? Template(string folder)
    {
        if (Path.Combine(folder, "chat_template.jinja") is var own && File.Exists(own))
        {
            return (string.Join('\n', BoundedFile.Lines(own)), sentence => new WeightFileException($"{own}: {sentence}"));
        }

        var file = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(file) || ForeignJson.Read(file).Find("chat_template") is not { } template)
        {
            return null;
        }

        if (template.IsList)
        {
            var usual = template.AsItems().Where(named => named.Require("name").AsText() == "default").Cast<ForeignJson?>().FirstOrDefault();
            template = usual?.Require("template") ?? throw template.Error("has templates with names, and none of them is default.");
        }

        return (template.AsText(), template.Error);
    }

    // ChatML's templates (Qwen's, Dream's) have it written out whole, with Jinja's \n or a real one.
    [GeneratedRegex("""<\|im_start\|>system(?:\\n|\n)([^'"{}]*?)<\|im_end\|>""")]
    private static partial Regex WrittenSystem();

    private string Role(string role) => string.Format(System.Globalization.CultureInfo.InvariantCulture, _role, role);
}
