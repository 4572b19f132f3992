using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// What EEdit's released code keeps otherwise than this library: in double blocks all modulations of the last full step, in single blocks the output
/// behind the gate of the step that computed it, and the text's attention behind a gate through which it then passes again.
/// </summary>
/// <param name="holds">Whether modulations and gates are kept.</param>
/// <param name="gatesTwice">Whether the text's attention is.</param>
internal sealed class EEditAsReleased(bool holds, bool gatesTwice) : IDisposable
{
    private readonly Dictionary<Site, KeptTensor> _modulations = [];
    private readonly KeptTensor _gate = new(); // of the single block that is run

    /// <summary>Bytes kept.</summary>
    public long ByteCount => _modulations.Values.Sum(m => m.ByteCount) + _gate.ByteCount;

    /// <summary>What the settings ask for; null: nothing.</summary>
    /// <exception cref="ArgumentException">The network's blocks have no modulations of their own.</exception>
    public static EEditAsReleased? Open(EEditOptions options, RunInfo run) =>
        !options.HoldsModulation && !options.GatesTwice ? null
        : run.Map.Sites.Any(s => s.Site.Kind == SiteKind.Modulation) ? new(options.HoldsModulation, options.GatesTwice)
        : throw new ArgumentException(
            "Policy eedit: held_modulation and double_gate follow the released code for FLUX, and this network does not ask for modulations; "
            + "both are false.");

    /// <summary>The answer at a site, changed to what the released code does.</summary>
    /// <param name="answer">Ours.</param>
    /// <param name="question">Where.</param>
    /// <param name="isDraft">Whether the step is a partial one.</param>
    public Answer Changed(Answer answer, Question question, bool isDraft)
    {
        var site = question.Site;
        return (site.Kind, isDraft) switch
        {
            (SiteKind.Modulation, true) when holds && site.Group != TokenGroup.All => Answer.Supply(Kept(site).AsForecast()),
            (SiteKind.Modulation, true) when holds => Ungated(site),
            (SiteKind.Modulation, false) => answer.Observed((_, m) => (site.Group == TokenGroup.All ? _gate : Kept(site)).Keep(
                site.Group == TokenGroup.All ? PartOf(m, 2) : m)),
            (SiteKind.Projected, true) when holds && answer.Merge is { } merge =>
                answer with { Merge = (tokens, fresh) => merge(tokens, Gated(fresh, _gate.Value)) },
            (SiteKind.Projected, false) when holds && answer.Observe is { } observe =>
                answer.Observed((input, output) => observe(input, Gated(output, _gate.Value))),
            (SiteKind.Attention, false) when gatesTwice && site.Group == TokenGroup.Text && answer.Observe is { } observe =>
                answer.Observed((input, output) => observe(input, Gated(output, TextGate(site.Layer)))),
            _ => answer,
        };
    }

    public void Dispose()
    {
        _gate.Dispose();
        foreach (var kept in _modulations.Values)
        {
            kept.Dispose();
        }
    }

    // The step's own shift and scale, and a gate of 1: what is supplied has passed its gate.
    private Answer Ungated(Site site) => Answer.Tokens(
        input => IndexTable.From(input.Backend, new int[input.Shape[0]], [input.Shape[0], 1]),
        (_, m) =>
        {
            var gate = PartOf(m, 2);
            _gate.Keep(gate);
            var (rows, all) = (m.Shape[0], m.Shape[2]);
            var flat = m.Reshape([rows, all]);
            var inside = Tensor.Concatenate([flat.Chunk(0, 3), flat.Chunk(1, 3), Tensor.Full(m.Backend, gate.Shape, 1)], 1);
            Kept(site).Keep(inside.Reshape([rows, 1, all]));
        },
        () => Kept(site).AsForecast());

    private KeptTensor Kept(Site site) => _modulations.TryGetValue(site, out var kept) ? kept : _modulations[site] = new KeptTensor();

    private Tensor TextGate(int layer) => PartOf(Kept(Site.Modulation(layer, TokenGroup.Text)).Value, 2, 6);

    // A part of modulations [rows, 1, parts · channels] as [rows, channels].
    private static Tensor PartOf(Tensor m, int part, int parts = 3) => m.Reshape([m.Shape[0], m.Shape[2]]).Chunk(part, parts).Copy();

    private static Tensor Gated(Tensor feature, Tensor gate) => Tensor.Zeros(feature.Backend, feature.Shape).AddGated(gate, feature);
}
