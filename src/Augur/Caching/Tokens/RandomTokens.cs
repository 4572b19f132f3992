using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="RandomTokens"/>.</summary>
public sealed record RandomTokensOptions
{
    /// <summary>Tokens of each row that are computed; all where there are fewer.</summary>
    [Setting("k", 0, 65536, Unit = "tokens")]
    public int Count { get; init => field = Setting.Checked(this, value); } = 16;
}

/// <summary>
/// Tokens drawn anew in every branch of every drafted call, the same for both guidance rows: the control that any cleverer choice has to beat.
/// </summary>
public sealed record RandomTokens(RandomTokensOptions Options) : ITokenSelector
{
    internal static readonly SettingList<RandomTokensOptions> Settings = new("Tokens", "random");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public ITokenSelection Open(RunInfo run) => new Selection(Options.Count, new SeededDraws(run.NotNull().Seed));

    private sealed class Selection(int count, IUniformDraws draws) : ITokenSelection
    {
        private NetworkCall _call;

        public long ByteCount => 0;

        public void Begin(NetworkCall call, bool isDraft) => _call = call;

        public IndexTable? Select(Site site, Tensor input, Tensor kept)
        {
            if (count == 0)
            {
                return null;
            }

            var order = draws.Draw(_call.CallIndex, site, input.Shape[1]);
            int[] tokens = [.. Enumerable.Range(0, order.Length).OrderBy(i => order[i]).Take(count).Order()];
            return IndexTable.From(input.Backend, [.. Enumerable.Repeat(tokens, input.Shape[0]).SelectMany(t => t)], [input.Shape[0], tokens.Length]);
        }

        public void Dispose()
        {
        }
    }
}
