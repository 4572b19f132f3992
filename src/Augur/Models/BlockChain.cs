using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>What the blocks of a network need of each row, narrowed with the rows that a site is run for.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IBlockRows<TSelf>
    where TSelf : IBlockRows<TSelf>
{
    /// <summary>The selected rows.</summary>
    TSelf Narrow(Selection at);
}

/// <summary>Runs a block of a chain.</summary>
/// <param name="layer">Which.</param>
/// <param name="stream">[rows, tokens, channels].</param>
/// <param name="rows">Of these rows.</param>
/// <param name="wanted">Tokens whose stream is wanted.</param>
/// <returns>[rows, tokens or k, channels].</returns>
internal delegate Tensor RunBlock<TRows>(int layer, Tensor stream, TRows rows, Selection wanted)
    where TRows : IBlockRows<TRows>;

/// <summary>Blocks through which one stream passes, asked for at their three levels: all of them, the spans between cuts, one.</summary>
internal static class BlockChain
{
    /// <summary>Runs the blocks.</summary>
    /// <param name="input">Says in which spans.</param>
    /// <param name="stream">Of the rows that the network is run for, [rows, tokens, channels].</param>
    /// <param name="rows">Of the same rows.</param>
    /// <param name="run">Runs a block.</param>
    /// <param name="offer">What can be measured before the blocks are run.</param>
    /// <param name="door">Answers.</param>
    public static Tensor Run<TRows>(NetworkInput input, Tensor stream, TRows rows, RunBlock<TRows> run, SignalOffer offer, IFeatureDoor door)
        where TRows : IBlockRows<TRows> => door.GetOrCompute(
        input.Map.Blocks,
        stream,
        (x, at) =>
        {
            var present = rows.Narrow(at);
            return input.Parts.Count == 1 ? RunSpan(input.Parts[0], x, present, run, door)
                : input.Parts.Aggregate(x, (h, part) =>
                    door.GetOrCompute(part, h, (tokens, within) => RunSpan(part, tokens, present.Narrow(within), run, door)).ToTensor());
        },
        offer).ToTensor();

    private static Tensor RunSpan<TRows>(Site span, Tensor stream, TRows rows, RunBlock<TRows> run, IFeatureDoor door)
        where TRows : IBlockRows<TRows>
    {
        Tensor? between = null; // the stream between two blocks; the first one's input is the caller's
        foreach (var layer in Enumerable.Range(span.Layer, span.Count))
        {
            using var blockScope = TensorScope.Begin(); // a block's intermediates die with it, only the stream flows on
            var before = stream;
            stream = door.GetOrCompute(Site.Block(layer), before, (h, within) => run(layer, h, rows.Narrow(within), within)).ToTensor();
            if (stream != before)
            {
                between?.Dispose();
                between = stream.Escape();
            }
        }

        return stream;
    }
}
