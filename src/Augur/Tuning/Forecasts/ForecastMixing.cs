using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// What weights by direction leave: a part that all pictures share at a place, and a part in which the directions of a token speak to each other.
/// What early calls say of the class lies there, and so does most of what can be known of the next latent beyond the weights.
/// </summary>
/// <remarks>
/// Features are taken as innovations, each without what those before it say, so that one ridge suits all. How large it is, two halves of the pictures
/// decide: each is judged by what the other taught; where that is worse than nothing, the directions stay by themselves.
/// </remarks>
internal sealed class ForecastMixing
{
    private const double LeastGain = 0.005; // of the squared error
    private const int Halves = 2;
    private static readonly double[] s_ridges = [0.03, 0.1, 0.3, 1, 3];

    private readonly int _features;
    private readonly int _directions;
    private readonly int _tokens;
    private readonly IBackend _backend;
    private readonly List<FittedPicture> _pictures;
    private readonly float[][] _left; // [pictures][tokens · K]
    private readonly double[][,] _whiten; // [K][features, features], lower

    /// <summary>Learns what all pictures share.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="own">Weights by direction, [features][K].</param>
    /// <param name="backend">Where large products are formed.</param>
    public ForecastMixing(List<FittedPicture> pictures, float[][] own, IBackend backend)
    {
        (_pictures, _backend, _features, _directions) = (pictures, backend, own.Length, own[0].Length);
        _tokens = pictures[0].Missing.Length / _directions;
        _left = [.. pictures.Select(picture => Left(picture, own))];
        var bias = Shared();
        foreach (var left in _left)
        {
            for (var at = 0; at < left.Length; at++)
            {
                left[at] -= bias[at];
            }
        }

        Bias = Array.TrueForAll(bias, value => value == 0) ? [] : [.. bias.Chunk(_directions)];
        _whiten = [.. Enumerable.Range(0, _directions).Select(k => SpdMatrix.Whitening(GramOf(k)))];
    }

    /// <summary>What every token is given, [tokens][K]; empty where nothing that pictures share stands out.</summary>
    public float[][] Bias { get; }

    /// <summary>
    /// The ridge at which one half of the pictures teaches most about the other; null: directions are better left by themselves.
    /// </summary>
    public double? ChooseRidge()
    {
        if (_pictures.Count < 2 * Halves)
        {
            return null;
        }

        var halves = Enumerable.Range(0, Halves)
            .Select(half => Products([.. Enumerable.Range(0, _pictures.Count).Where(i => i % Halves == half)])).ToArray();
        var nothing = halves.Sum(h => h.Power);
        var (error, ridge) = s_ridges.Select(r => (Judged(halves[0], halves[1], r) + Judged(halves[1], halves[0], r), r)).Min();
        return error > nothing * (1 - LeastGain) ? null : ridge / Halves; // of twice the pictures
    }

    /// <summary>How directions speak to each other, [K][features · K].</summary>
    /// <param name="ridge">Added to the diagonal, relative to it.</param>
    public float[][] Mix(double ridge)
    {
        var (gram, cross, _) = Products([.. Enumerable.Range(0, _pictures.Count)]);
        return InFeatures(SpdMatrix.Solve(gram, cross, _features * _directions, _directions, ridge));
    }

    private float[] Left(FittedPicture picture, float[][] own)
    {
        var left = (float[])picture.Missing.Clone();
        for (var at = 0; at < left.Length; at++)
        {
            var sum = 0.0;
            for (var i = 0; i < _features; i++)
            {
                sum += (double)own[i][at % _directions] * picture.Features[i][at];
            }

            left[at] -= (float)sum;
        }

        return left;
    }

    // The mean, as far as it stands out of what pictures differ by (James and Stein).
    private float[] Shared()
    {
        var (total, squares) = (_pictures.Sum(p => p.Weight), _pictures.Sum(p => p.Weight * p.Weight));
        var (mean, spread) = (new double[_left[0].Length], 0.0);
        for (var at = 0; at < mean.Length; at++)
        {
            for (var i = 0; i < _left.Length; i++)
            {
                mean[at] += _pictures[i].Weight / total * _left[i][at];
            }

            for (var i = 0; i < _left.Length; i++)
            {
                spread += _pictures[i].Weight / total * (_left[i][at] - mean[at]) * (_left[i][at] - mean[at]);
            }
        }

        var count = total * total / squares; // pictures, if all counted alike
        var share = count <= 2 ? 0 : Math.Max(0, 1 - (spread / (count - 1) / Math.Max(double.Epsilon, mean.Sum(m => m * m))));
        return Array.ConvertAll(mean, m => double.IsFinite(share * m) ? (float)(share * m) : 0);
    }

    private double[,] GramOf(int direction)
    {
        var gram = new double[_features, _features];
        foreach (var picture in _pictures)
        {
            for (var i = 0; i < _features; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    var (a, b, sum) = (picture.Features[i], picture.Features[j], 0.0);
                    for (var at = direction; at < a.Length; at += _directions)
                    {
                        sum += (double)a[at] * b[at];
                    }

                    gram[i, j] += sum / (_pictures.Count * _tokens);
                }
            }
        }

        return gram;
    }

    // Innovations times themselves [features · K, features · K] and times what is left [features · K, K], over some pictures.
    private (double[] Gram, double[] Cross, double Power) Products(int[] pictures)
    {
        var (size, samples) = (_features * _directions, pictures.Length * _tokens);
        var (known, left, power) = (new float[size * samples], new float[_directions * samples], 0.0);
        var norm = _pictures.Sum(p => p.Weight);
        Parallel.For(0, pictures.Length, p =>
        {
            var (picture, residual) = (_pictures[pictures[p]], _left[pictures[p]]);
            var scale = Math.Sqrt(picture.Weight / norm);
            for (var at = 0; at < residual.Length; at++)
            {
                var (k, sample) = (at % _directions, (p * _tokens) + (at / _directions));
                left[(k * samples) + sample] = (float)(scale * residual[at]);
                for (var i = 0; i < _features; i++)
                {
                    var sum = 0.0;
                    for (var j = 0; j <= i; j++)
                    {
                        sum += _whiten[k][i, j] * picture.Features[j][at];
                    }

                    known[(((i * _directions) + k) * samples) + sample] = (float)(scale * sum);
                }
            }
        });
        Array.ForEach(left, value => power += (double)value * value);
        using var scope = TensorScope.Begin();
        var rows = Tensor.From(_backend, known, [size, samples]);
        using var packed = _backend.Pack(rows, null);
        return (Doubles(rows.Linear(packed)), Transposed(Doubles(Tensor.From(_backend, left, [_directions, samples]).Linear(packed)), size), power);
    }

    // What is left of some pictures by the map that others taught.
    private double Judged((double[] Gram, double[] Cross, double Power) taught, (double[] Gram, double[] Cross, double Power) judged, double ridge)
    {
        var size = _features * _directions;
        var map = SpdMatrix.Solve(taught.Gram, taught.Cross, size, _directions, ridge);
        var error = judged.Power;
        for (var i = 0; i < size; i++)
        {
            var row = new double[_directions];
            for (var j = 0; j < size; j++)
            {
                var gram = judged.Gram[(i * size) + j];
                for (var k = 0; k < _directions; k++)
                {
                    row[k] += gram * map[(j * _directions) + k];
                }
            }

            for (var k = 0; k < _directions; k++)
            {
                error += map[(i * _directions) + k] * (row[k] - (2 * judged.Cross[(i * _directions) + k]));
            }
        }

        return double.IsFinite(error) ? error : double.MaxValue;
    }

    // From innovations back to features; transposed, as a linear map has it.
    private float[][] InFeatures(double[] map)
    {
        var mix = Enumerable.Range(0, _directions).Select(_ => new float[_features * _directions]).ToArray();
        for (var to = 0; to < _directions; to++)
        {
            for (var k = 0; k < _directions; k++)
            {
                for (var j = 0; j < _features; j++)
                {
                    var sum = 0.0;
                    for (var i = j; i < _features; i++)
                    {
                        sum += _whiten[k][i, j] * map[(((i * _directions) + k) * _directions) + to];
                    }

                    mix[to][(j * _directions) + k] = (float)sum;
                }
            }
        }

        return mix;
    }

    private static double[] Doubles(Tensor x) => Array.ConvertAll(x.ToArray(), v => (double)v);

    private static double[] Transposed(double[] x, int columns)
    {
        var rows = x.Length / columns;
        var turned = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            turned[(i % columns * rows) + (i / columns)] = x[i];
        }

        return turned;
    }
}
