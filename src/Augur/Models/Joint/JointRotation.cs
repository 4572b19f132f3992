using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>
/// By what angle each token's queries and keys turn: both [tokens, headChannels / 2], the picture's tokens first, or [rows, tokens, headChannels / 2]
/// where rows differ.
/// </summary>
internal readonly record struct JointRotation(Tensor Cosines, Tensor Sines)
{
    /// <summary>The angles of places on several axes: place · theta^(−2i/channels), in double precision, then rounded.</summary>
    /// <param name="backend">Where the tables lie.</param>
    /// <param name="axes">Channels of a head that turn with each axis.</param>
    /// <param name="theta">Base of the frequencies.</param>
    /// <param name="places">Of each row the places of its tokens, axes fastest; rows that are alike share one table.</param>
    public static JointRotation Of(IBackend backend, Shape axes, double theta, IReadOnlyList<int[]> places)
    {
        var distinct = places.Skip(1).All(row => row.AsSpan().SequenceEqual(places[0])) ? [places[0]] : places;
        int half = Enumerable.Range(0, axes.Rank).Sum(axis => axes[axis]) / 2, tokens = places[0].Length / axes.Rank;
        var (cosines, sines) = (new float[distinct.Count * tokens * half], new float[distinct.Count * tokens * half]);
        var known = new Dictionary<(int Axis, int Place), (float[] Cosines, float[] Sines)>();
        var at = 0;
        foreach (var row in distinct)
        {
            for (var i = 0; i < row.Length; i++)
            {
                var axis = i % axes.Rank;
                if (!known.TryGetValue((axis, row[i]), out var angles))
                {
                    known[(axis, row[i])] = angles = Angles(axes[axis], theta, row[i]);
                }

                angles.Cosines.CopyTo(cosines.AsSpan(at));
                angles.Sines.CopyTo(sines.AsSpan(at));
                at += angles.Cosines.Length;
            }
        }

        var shape = distinct.Count == 1 ? new Shape(tokens, half) : new Shape(distinct.Count, tokens, half);
        return new(Tensor.From(backend, cosines, shape), Tensor.From(backend, sines, shape));
    }

    /// <summary>The selected rows.</summary>
    public JointRotation Narrow(Selection at) => Cosines.Shape.Rank == 2 ? this : new(at.NarrowRows(Cosines), at.NarrowRows(Sines));

    /// <summary>Of the first tokens of each row.</summary>
    public JointRotation First(int count) => Cosines.Shape.Rank == 2 ? new(Cosines.Rows(0, count), Sines.Rows(0, count))
        : new(Cosines.Slice(1, 0, count), Sines.Slice(1, 0, count));

    /// <summary>Of some tokens of each row: [rows, k, headChannels / 2].</summary>
    public JointRotation Of(IndexTable tokens)
    {
        if (Cosines.Shape.Rank == 3)
        {
            return new(Cosines.GatherTokens(tokens), Sines.GatherTokens(tokens));
        }

        Shape all = [checked((int)tokens.Shape.ElementCount)];
        Shape angles = [tokens.Shape[0], tokens.Shape[1], Cosines.Shape[1]];
        var places = tokens.Tensor.Reshape(all);
        return new(Cosines.GatherRows(places).Reshape(angles), Sines.GatherRows(places).Reshape(angles));
    }

    private static (float[] Cosines, float[] Sines) Angles(int channels, double theta, int place)
    {
        var angles = Enumerable.Range(0, channels / 2).Select(i => place / Math.Pow(theta, 2.0 * i / channels)).ToArray();
        return (Array.ConvertAll(angles, a => (float)Math.Cos(a)), Array.ConvertAll(angles, a => (float)Math.Sin(a)));
    }
}
