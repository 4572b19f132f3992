using System.Text;
using System.Text.Json;
using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays decoders of Llama's kind: MODEL_forward with intermediates, MODEL_greedy, MODEL_sample and MODEL_leftpad decode token by token,
/// meta_forward is in Meta's layout, rope_tables are the rotary positions of all scalings.
/// </summary>
internal static class DecoderReplay
{
    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The run is of another kind.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var isForward = run.EndsWith("_forward", StringComparison.Ordinal);
        var compare = new Comparison(isForward ? Comparison.ForwardTolerance : Comparison.TrajectoryTolerance);
        var file = Path.Combine(folder, "config.json");
        if (run == "rope_tables")
        {
            CompareTables(file, config.GetProperty(run), saved, compare);
            return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
        }

        var (name, kind) = run.LastIndexOf('_') is var cut and > 0 ? (run[..cut], run[(cut + 1)..]) : (run, "");
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, $"{name}_weights.safetensors"));
        var settings = name == "meta" ? config.GetProperty("meta") : config.GetProperty("models").GetProperty(name);
        using var model = name == "meta" ? ReadMeta(checkpoint, settings, backend)
            : DecoderModel.Read(checkpoint, backend, Json(file, settings), new DecoderParts(HasHead: true));
        using var scope = TensorScope.Begin();
        switch (kind)
        {
            case "forward":
                CompareForward(model, saved, compare);
                break;
            case "greedy":
                Decode(model, TextEncoderReplay.Rows(saved, "prompt", compare), saved, compare, (_, _, logits) => IndexOfLargest(logits));
                break;
            case "sample":
                Sample(model, settings.GetProperty("sampling"), saved, compare);
                break;
            case "leftpad":
                ContinuePadded(model, settings, saved, compare);
                break;
            default:
                throw new NotSupportedException($"the run {run} is of no kind that is replayed");
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static ForeignJson Json(string file, JsonElement element) => ForeignJson.Parse(file, Encoding.UTF8.GetBytes(element.GetRawText()));

    private static DecoderModel ReadMeta(Checkpoint checkpoint, JsonElement settings, IBackend backend)
    {
        var rotary = new RotaryConfig { Theta = settings.GetProperty("rope_theta").GetDouble() };
        rotary = !settings.GetProperty("use_scaled_rope").GetBoolean() ? rotary
            : rotary with { Scaling = RotaryScaling.Llama3, Factor = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4, TrainedLength = 8192 };
        var epsilon = settings.GetProperty("norm_eps").GetSingle();
        return DecoderModel.Read(
            checkpoint,
            backend,
            settings.GetProperty("dim").GetInt32() / settings.GetProperty("n_heads").GetInt32(),
            sizes => sizes with { NormEpsilon = epsilon, Rotary = rotary },
            new DecoderParts(HasHead: true),
            prefix: "");
    }

    private static void CompareForward(DecoderModel model, FixtureFile saved, Comparison compare)
    {
        var logits = model.Logits(TextEncoderReplay.Rows(saved, "input_ids", compare), (name, tensor) =>
        {
            if (!saved.Has(name))
            {
                return;
            }

            using var scope = TensorScope.Begin();
            var shape = saved.Shape(name);
            var values = !name.EndsWith("_rot", StringComparison.Ordinal) ? tensor
                : tensor.Reshape([shape[0], shape[2], shape[1], shape[3]]).Permute(0, 2, 1, 3); // saved with heads outside
            compare.Tensor(name, values.ToArray(), saved.Singles(name));
        });
        compare.Tensor("logits", logits.ToArray(), saved.Singles("logits"));
        var (head, length) = (model.Config.HeadChannels, saved.Shape("input_ids")[1]);
        if (saved.Has("inv_freq"))
        {
            CompareFrequencies("inv_freq", model.Config.Rotary.Frequencies(head, length), saved, compare);
        }

        if (saved.Has("freqs_cis_real"))
        {
            var (cosines, sines) = model.Config.Rotary.Table(head, [.. Enumerable.Range(0, length)], length);
            compare.Tensor("freqs_cis_real", cosines, saved.Singles("freqs_cis_real"));
            compare.Tensor("freqs_cis_imag", sines, saved.Singles("freqs_cis_imag"));
        }
    }

    private static void CompareFrequencies(string name, double[] ours, FixtureFile saved, Comparison compare)
    {
        compare.Used(name);
        var expected = saved.Singles(name);
        compare.Number($"{name} count", ours.Length, expected.Length, 0, 0);
        for (var i = 0; i < Math.Min(ours.Length, expected.Length); i++)
        {
            compare.Number($"{name}[{i}]", ours[i], expected[i], 1e-6, 0);
        }
    }

    private static void CompareTables(string file, JsonElement tables, FixtureFile saved, Comparison compare)
    {
        compare.Used("positions");
        var positions = saved.Integers("positions");
        foreach (var table in tables.EnumerateObject())
        {
            var json = Json(file, table.Value);
            var head = json.Require("hidden_size").AsInteger() / json.Require("num_attention_heads").AsInteger();
            var rotary = RotaryConfig.Parse(json, new RotaryConfig());
            var length = json.Find("seq_len")?.AsInteger() ?? 1;
            CompareFrequencies($"{table.Name}.inv_freq", rotary.Frequencies(head, length), saved, compare);
            compare.Number($"{table.Name}.attention_factor", rotary.Magnitude, json.Require("attention_factor").AsNumber(), 1e-12, 0);
            var (cosines, sines) = rotary.Table(head, positions, length);
            foreach (var (name, ours) in new[] { ($"{table.Name}.cos", cosines), ($"{table.Name}.sin", sines) })
            {
                compare.Used(name);
                var expected = saved.Singles(name);
                for (var i = 0; i < ours.Length; i++)
                {
                    var nearby = positions[i / (head / 2)] < 100; // the reference's arguments are in single precision
                    compare.Number($"{name}[{i}]", ours[i], expected[i], 0, nearby ? 1e-5 : 1e-3);
                }
            }

            var byMeta = $"meta_{table.Name}.inv_freq";
            if (saved.Has(byMeta))
            {
                CompareFrequencies(byMeta, rotary.Frequencies(head, length), saved, compare);
            }
        }
    }

    // Every token is computed from the whole text before it: the reference keeps keys and values, which must change nothing.
    private static List<long[]> Decode(
        DecoderModel model, int[][] rows, FixtureFile saved, Comparison compare, Func<int, int, float[], int> choose)
    {
        var expected = saved.Shape("logits"); // [steps, rows, vocabulary]
        var (decided, tokens) = (new float[expected.ElementCount], new List<long[]>());
        for (var step = 0; step < expected[0]; step++)
        {
            using var scope = TensorScope.Begin();
            var logits = model.Logits(rows);
            var chosen = new int[rows.Length];
            for (var row = 0; row < rows.Length; row++)
            {
                var last = logits.Rows(row, 1).Reshape([logits.Shape[1], logits.Shape[2]]).Rows(rows[row].Length - 1, 1).ToArray();
                last.CopyTo(decided, ((step * rows.Length) + row) * last.Length);
                chosen[row] = choose(step, row, last);
            }

            tokens.Add(Array.ConvertAll(chosen, token => (long)token));
            rows = [.. rows.Select((row, i) => (int[])[.. row, chosen[i]])];
        }

        compare.Tensor("logits", decided, saved.Singles("logits"));
        long[] byRow = [.. Enumerable.Range(0, rows.Length).SelectMany(row => tokens.Select(step => step[row]))];
        compare.Exact("tokens", byRow, saved.Integers("tokens"));
        return tokens;
    }

    private static void Sample(DecoderModel model, JsonElement sampling, FixtureFile saved, Comparison compare)
    {
        var filter = new TokenFilter(
            sampling.GetProperty("temperature").GetDouble(),
            sampling.TryGetProperty("top_k", out var k) ? k.GetInt32() : null,
            sampling.TryGetProperty("top_p", out var p) ? p.GetDouble() : null);
        compare.Used("draws");
        var (draws, shape) = (saved.Singles("draws"), saved.Shape("draws"));
        var probabilities = new float[shape.ElementCount];
        Decode(model, TextEncoderReplay.Rows(saved, "prompt", compare), saved, compare, (step, row, logits) =>
        {
            var (kept, at) = (filter.Apply(logits), ((step * shape[1]) + row) * shape[2]);
            Array.ConvertAll(kept, value => (float)value).CopyTo(probabilities, at);
            return IndexOfLargest([.. kept.Select((value, i) => (float)(value / draws[at + i]))]); // an exponential race
        });
        compare.Tensor("probs", probabilities, saved.Singles("probs"));
    }

    private static void ContinuePadded(DecoderModel model, JsonElement settings, FixtureFile saved, Comparison compare)
    {
        var padded = TextEncoderReplay.Rows(saved, "input_ids", compare);
        compare.Used("attention_mask", "position_ids");
        var masks = saved.Integers("attention_mask").Chunk(padded[0].Length).ToArray();
        int[][] rows = [.. padded.Select((row, i) => row.Where((_, place) => masks[i][place] != 0).ToArray())];
        using (TensorScope.Begin())
        {
            var logits = model.Logits(rows);
            var (length, vocabulary) = (logits.Shape[1], logits.Shape[2]);
            var prefill = new float[saved.Shape("prefill_logits").ElementCount];
            for (var row = 0; row < rows.Length; row++)
            {
                var own = logits.Rows(row, 1).Reshape([length, vocabulary]).Rows(0, rows[row].Length).ToArray();
                own.CopyTo(prefill, ((row * padded[0].Length) + padded[row].Length - rows[row].Length) * vocabulary);
            }

            compare.Tensor("prefill_logits", prefill, saved.Singles("prefill_logits"));
        }

        var tokens = Decode(model, rows, saved, compare, (_, _, logits) => IndexOfLargest(logits));
        var (end, pad) = (settings.GetProperty("eos_for_leftpad").GetInt64(), settings.GetProperty("pad").GetInt64());
        var ended = new bool[rows.Length];
        var steps = new List<long[]>();
        foreach (var step in tokens)
        {
            if (ended.All(e => e))
            {
                break;
            }

            steps.Add([.. step.Select((token, row) => ended[row] ? pad : token)]);
            ended = [.. step.Select((token, row) => ended[row] || token == end)];
        }

        long[] byRow = [.. Enumerable.Range(0, rows.Length).SelectMany(row => steps.Select(step => step[row]))];
        compare.Exact("tokens_eos", byRow, saved.Integers("tokens_eos"));
    }

    private static int IndexOfLargest(float[] values) => Array.IndexOf(values, values.Max());
}
