using System.Text;
using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays forwards of text encoders in GGUF files: T5's last states, and a decoder's hidden states: [rows, layers + 1, tokens, channels], the
/// embedding first.
/// </summary>
internal static class GgufTextForward
{
    /// <summary>Whether a file holds such an encoder.</summary>
    public static bool Is(Checkpoint checkpoint) => T5Encoder.IsIn(checkpoint) || DecoderModel.IsIn(checkpoint);

    /// <summary>Compares a forward.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="description">NAME.json, with the sizes in <c>config</c>.</param>
    /// <param name="path">The saved tensors.</param>
    /// <param name="compare">Gets the differences.</param>
    /// <param name="backend">Where to compute.</param>
    /// <returns>Names of the saved tensors.</returns>
    public static string[] Compare(Checkpoint checkpoint, string description, string path, Comparison compare, IBackend backend)
    {
        using var json = ReplayRunner.Parse(description);
        using var saved = new FixtureFile(path);
        using var scope = TensorScope.Begin();
        var config = ForeignJson.Parse(description, Encoding.UTF8.GetBytes(json.RootElement.GetProperty("config").GetRawText()));
        var rows = TextEncoderReplay.Rows(saved, "input_ids", compare);
        if (T5Encoder.IsIn(checkpoint))
        {
            using var encoder = T5Encoder.Read(checkpoint, backend, config);
            compare.Tensor("last_hidden_state", encoder.Encode(rows).ToArray(), saved.Singles("last_hidden_state"));
            return [.. saved.Names];
        }

        using var model = DecoderModel.Read(checkpoint, backend, config);
        var states = model.HiddenStates(rows, [.. Enumerable.Range(0, model.LayerCount + 1)]);
        compare.Tensor("last_hidden_state", states[^1].ToArray(), saved.Singles("last_hidden_state"));
        var byRow = Enumerable.Range(0, rows.Length).SelectMany(row => states.SelectMany(state => state.Rows(row, 1).ToArray()));
        compare.Tensor("hidden_states", [.. byRow], saved.Singles("hidden_states"));
        return [.. saved.Names];
    }
}
