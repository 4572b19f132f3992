namespace Augur.Tensors.Reference;

/// <summary>Every operation as its formula, one element at a time, summed in double: slow; the fast backends are tested against it.</summary>
public sealed unsafe partial class ReferenceBackend : HostBackend
{
    /// <summary>Makes a backend with a memory budget in bytes, at least 1; null: limited by the operating system only.</summary>
    /// <param name="memoryBudget">In bytes.</param>
    /// <param name="activationType">Type of what one operation hands to the next: Float32, Float16 or BFloat16.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below 1.</exception>
    /// <exception cref="ArgumentException">Activations of another type.</exception>
    public ReferenceBackend(long? memoryBudget = null, DType activationType = DType.Float32)
        : base(memoryBudget, activationType)
    {
    }

    /// <inheritdoc/>
    public override string Name => $"reference (plain loops, double sums{Capabilities.ActivationType.ActivationWords()})";

    /// <inheritdoc/>
    public override bool HasIntegerWeights => false;

    /// <inheritdoc/>
    public override void Fill(Tensor x, float value) => Each(x, (r, c) => value);

    /// <inheritdoc/>
    public override void Copy(Tensor x, Tensor y)
    {
        if (x.Type == DType.Int32 && y.Type == DType.Int32)
        {
            for (long r = 0; r < x.Shape.Rows; r++)
            {
                var to = new Span<int>((int*)Address(y) + (r * y.RowStride), x.Shape.Columns);
                new ReadOnlySpan<int>((int*)Address(x) + (r * x.RowStride), x.Shape.Columns).CopyTo(to);
            }

            return;
        }

        Each(y, (r, c) => Get(x, r, c));
    }

    /// <inheritdoc/>
    public override void Multiply(Tensor x, Tensor y, Tensor z) => Each(z, (r, c) => Get(x, r, c) * Get(y, r, c));

    /// <inheritdoc/>
    public override void Clamp(Tensor x, float low, float high, Tensor y) => Each(y, (r, c) => Math.Min(Math.Max(Get(x, r, c), low), high));

    /// <inheritdoc/>
    public override void Activate(Tensor x, Activation activation, Tensor y) => Each(y, (r, c) => Apply(activation, Get(x, r, c)));

    /// <inheritdoc/>
    public override void MultiplyActivated(Tensor x, Tensor gate, Activation activation, Tensor z) =>
        Each(z, (r, c) => Get(x, r, c) * Apply(activation, Get(gate, r, c)));

    /// <inheritdoc/>
    public override void AddGated(Tensor x, Tensor gate, Tensor branch, Tensor y)
    {
        var rowsPerEntry = y.Shape.Rows / Math.Max(1, y.Shape[0]);
        Each(y, (r, c) => Get(x, r, c) + (Get(gate, r / rowsPerEntry, c) * Get(branch, r, c)));
    }

    /// <inheritdoc/>
    public override void LayerNorm(Tensor x, Tensor? shift, Tensor? scale, float epsilon, Tensor y)
    {
        var n = x.Shape.Columns;
        var rowsPerEntry = x.Shape.Rows / Math.Max(1, x.Shape[0]);
        for (long r = 0; r < x.Shape.Rows; r++)
        {
            var mean = Range(n).Sum(c => Get(x, r, c)) / n;
            var deviation = Math.Sqrt((Range(n).Sum(c => Square(Get(x, r, c) - mean)) / n) + epsilon);
            for (var c = 0; c < n; c++)
            {
                var factor = scale is null ? 1 : 1 + Get(scale, r / rowsPerEntry, c);
                var offset = shift is null ? 0 : Get(shift, r / rowsPerEntry, c);
                Set(y, r, c, ((Get(x, r, c) - mean) / deviation * factor) + offset);
            }
        }
    }

    /// <inheritdoc/>
    public override void AffineLayerNorm(Tensor x, Tensor weight, Tensor? bias, float epsilon, Tensor y)
    {
        var n = x.Shape.Columns;
        for (long r = 0; r < x.Shape.Rows; r++)
        {
            var mean = Range(n).Sum(c => Get(x, r, c)) / n;
            var deviation = Math.Sqrt((Range(n).Sum(c => Square(Get(x, r, c) - mean)) / n) + epsilon);
            for (var c = 0; c < n; c++)
            {
                Set(y, r, c, ((Get(x, r, c) - mean) / deviation * Get(weight, 0, c)) + (bias is null ? 0 : Get(bias, 0, c)));
            }
        }
    }

    /// <inheritdoc/>
    public override void RmsNorm(Tensor x, Tensor? weight, int heads, float epsilon, Tensor y)
    {
        var width = x.Shape.Columns / heads;
        for (long r = 0; r < x.Shape.Rows; r++)
        {
            for (var h = 0; h < heads; h++)
            {
                var head = Range(width).Select(c => Get(x, r, (h * width) + c)).ToArray();
                var root = Math.Sqrt((head.Sum(Square) / width) + epsilon);
                for (var c = 0; c < width; c++)
                {
                    Set(y, r, (h * width) + c, head[c] / root * (weight is null ? 1 : Get(weight, 0, c)));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Rotate(Tensor x, Tensor cosines, Tensor sines, RotaryPairs pairs, int heads, Tensor y)
    {
        var (width, turned) = (x.Shape.Columns / heads, cosines.Shape.Columns);
        for (long r = 0; r < x.Shape.Rows; r++)
        {
            var angle = cosines.Shape.Rank == 3 ? r : r % x.Shape[1];
            for (var h = 0; h < heads; h++)
            {
                var head = Range(width).Select(c => Get(x, r, (h * width) + c)).ToArray();
                for (var i = 0; i < turned; i++)
                {
                    var (first, second) = pairs == RotaryPairs.Interleaved ? (2 * i, (2 * i) + 1) : (i, i + turned);
                    var (cosine, sine, a, b) = (Get(cosines, angle, i), Get(sines, angle, i), head[first], head[second]);
                    (head[first], head[second]) = ((a * cosine) - (b * sine), (a * sine) + (b * cosine));
                }

                for (var c = 0; c < width; c++)
                {
                    Set(y, r, (h * width) + c, head[c]);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void GroupNorm(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Activation activation, Tensor y)
    {
        int pixels = x.Shape[1] * x.Shape[2], width = x.Shape[3] / groups;
        for (var b = 0; b < x.Shape[0]; b++)
        {
            for (var g = 0; g < groups; g++)
            {
                var members = (from p in Range(pixels)
                               from c in Range(width)
                               select (Row: ((long)b * pixels) + p, Column: (g * width) + c)).ToArray();
                var mean = members.Sum(m => Get(x, m.Row, m.Column)) / members.Length;
                var deviation = Math.Sqrt((members.Sum(m => Square(Get(x, m.Row, m.Column) - mean)) / members.Length) + epsilon);
                foreach (var (r, c) in members)
                {
                    var normalised = (Get(x, r, c) - mean) / deviation;
                    Set(y, r, c, Apply(activation, (normalised * Get(weight, 0, c)) + Get(bias, 0, c)));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override PackedLinear Pack(Tensor weight, Tensor? bias)
    {
        var packed = new Plain { Inputs = weight.Shape[1], Outputs = weight.Shape[0], Type = weight.Type };
        packed.Weight = new float[weight.Shape.ElementCount];
        for (var r = 0; r < packed.Outputs; r++)
        {
            for (var c = 0; c < packed.Inputs; c++)
            {
                packed.Weight[(r * packed.Inputs) + c] = (float)Get(weight, r, c);
            }
        }

        packed.Bias = bias is null ? new float[packed.Outputs] : [.. Range(packed.Outputs).Select(c => (float)Get(bias, 0, c))];
        return packed;
    }

    /// <inheritdoc/>
    public override PackedLinear Pack(QuantizedMatrix weight, Tensor? bias) => new Plain
    {
        Inputs = weight.Columns,
        Outputs = weight.Rows,
        Type = DType.Float32,
        Format = weight.Format,
        Weight = QuantizedFormula.Values(weight),
        Bias = bias is null ? new float[weight.Rows] : [.. Range(weight.Rows).Select(c => (float)Get(bias, 0, c))],
    };

    /// <inheritdoc/>
    public override void Linear(Tensor x, PackedLinear weight, LinearEpilogue epilogue, Tensor y)
    {
        var plain = (Plain)weight;
        var rowsPerEntry = Math.Max(1, y.Shape.Rows / Math.Max(1, y.Shape[0]));
        Each(y, (r, c) =>
        {
            double sum = plain.Bias[c];
            for (var i = 0; i < plain.Inputs; i++)
            {
                sum += Get(x, r, i) * plain.Weight[((long)c * plain.Inputs) + i];
            }

            sum = Apply(epilogue.Activation, sum);
            sum *= epilogue.Gate is { } gate ? Get(gate, r / rowsPerEntry, c) : 1;
            return sum + (epilogue.Residual is { } residual ? Get(residual, r, c) : 0);
        });
    }

    /// <inheritdoc/>
    public override void Attention(Tensor q, Tensor k, Tensor v, int heads, float scale, in AttentionOptions options, Tensor y)
    {
        int queries = q.Shape[1], allKeys = k.Shape[1], width = q.Shape[2] / heads;
        var (rules, headsPerKeyHead) = (options, options.KeyHeads == 0 ? 1 : heads / options.KeyHeads);
        for (long r = 0; r < (long)q.Shape[0] * queries; r++)
        {
            var (entry, i) = ((int)(r / queries), (int)(r % queries));
            var first = (long)entry * allKeys;
            var keys = rules.KeyCounts is { } counts ? counts.Indices[entry] : allKeys;
            keys = rules.IsCausal ? Math.Min(keys, i + allKeys - queries + 1) : keys;
            for (var h = 0; h < heads; h++)
            {
                int at = h * width, keyAt = h / headsPerKeyHead * width;
                var weights = new double[keys];
                for (var j = 0; j < keys; j++)
                {
                    weights[j] = scale * Range(width).Sum(d => Get(q, r, at + d) * Get(k, first + j, keyAt + d));
                    if (rules.Bias is { } bias)
                    {
                        weights[j] += Math.Max(Get(bias, ((bias.Shape[0] == 1 ? 0 : h) * queries) + i, j), AttentionOptions.LeastBias);
                    }
                }

                var largest = weights.Max();
                var total = weights.Sum(w => Math.Exp(w - largest));
                for (var d = 0; d < width; d++)
                {
                    Set(y, r, at + d, Range(keys).Sum(j => Math.Exp(weights[j] - largest) / total * Get(v, first + j, keyAt + d)));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Conv2d(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y)
    {
        var plain = (Plain)weight.Weight;
        int height = x.Shape[1], width = x.Shape[2], outHeight = y.Shape[1], outWidth = y.Shape[2];
        Each(y, (r, c) =>
        {
            long b = r / (outHeight * outWidth), at = r % (outHeight * outWidth);
            double sum = plain.Bias[c];
            for (var ky = 0; ky < weight.KernelHeight; ky++)
            {
                for (var kx = 0; kx < weight.KernelWidth; kx++)
                {
                    var row = (at / outWidth * stride) + ky - padding.Top;
                    var column = (at % outWidth * stride) + kx - padding.Left;
                    if (row < 0 || row >= height || column < 0 || column >= width)
                    {
                        continue;
                    }

                    for (var i = 0; i < weight.Channels; i++)
                    {
                        var w = plain.Weight[((long)c * plain.Inputs) + (((ky * weight.KernelWidth) + kx) * weight.Channels) + i];
                        sum += Get(x, (((b * height) + row) * width) + column, i) * w;
                    }
                }
            }

            return sum;
        });
    }

    /// <inheritdoc/>
    public override void RowErrorSums(Tensor x, Tensor y, ErrorMeasure measure, Tensor sums)
    {
        var rowsPerEntry = x.Shape.Rows / Math.Max(1, x.Shape[0]);
        var to = (double*)Address(sums);
        for (var b = 0; b < sums.Shape[0]; b++)
        {
            var pairs = (from r in Range((int)rowsPerEntry)
                         from c in Range(x.Shape.Columns)
                         select (X: Get(x, (b * rowsPerEntry) + r, c), Y: Get(y, (b * rowsPerEntry) + r, c))).ToArray();
            double[] entry = measure switch
            {
                ErrorMeasure.NormRatio => [pairs.Sum(p => Square(p.X - p.Y)), pairs.Sum(p => Square(p.Y))],
                ErrorMeasure.L1 => [pairs.Sum(p => Math.Abs(p.X - p.Y))],
                ErrorMeasure.L2 => [pairs.Sum(p => Square(p.X - p.Y))],
                ErrorMeasure.RelativeL1 => [pairs.Sum(p => Math.Abs(p.X - p.Y) / (Math.Abs(p.Y) + ErrorSums.Tiny))],
                ErrorMeasure.RelativeL2 => [pairs.Sum(p => Square(Math.Abs(p.X - p.Y) / (Math.Abs(p.Y) + ErrorSums.Tiny)))],
                ErrorMeasure.Cosine => [pairs.Sum(p => p.X * p.Y), pairs.Sum(p => Square(p.X)), pairs.Sum(p => Square(p.Y))],
                ErrorMeasure.L1Ratio => [pairs.Sum(p => Math.Abs(p.X - p.Y)), pairs.Sum(p => Math.Abs(p.Y))],
                _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "not an error measure"),
            };
            entry.CopyTo(new Span<double>(to + (b * entry.Length), entry.Length));
        }
    }

    /// <summary>The activations' formulas; erf by its series and continued fraction, to double precision.</summary>
    public static double Apply(Activation activation, double x) => activation switch
    {
        Activation.None => x,
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        Activation.GeluErf => 0.5 * x * ErrorFunctionComplement(-x / Math.Sqrt(2)),
        Activation.GeluQuick => x / (1 + Math.Exp(-1.702 * x)),
        Activation.Exp => Math.Exp(x),
        Activation.Tanh => Math.Tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation"),
    };

    private static double ErrorFunctionComplement(double x)
    {
        var a = Math.Abs(x);
        double complement;
        if (a < 2.5)
        {
            double term = a, sum = a; // erf(a) = 2/√π Σ (-1)ⁿ a²ⁿ⁺¹ / (n! (2n+1))
            for (var n = 1; n < 80; n++)
            {
                term *= -a * a / n;
                sum += term / ((2 * n) + 1);
            }

            complement = 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }
        else
        {
            var fraction = a; // erfc(a) = e^(-a²)/√π / (a + ½/(a + 1/(a + 3/2/(a + …))))
            for (var n = 60; n >= 1; n--)
            {
                fraction = a + (n / 2.0 / fraction);
            }

            complement = Math.Exp(-a * a) / Math.Sqrt(Math.PI) / fraction;
        }

        return x < 0 ? 2 - complement : complement;
    }

    private static IEnumerable<int> Range(int count) => Enumerable.Range(0, count);

    private static double Square(double x) => x * x;

    private static void Each(Tensor y, Func<long, int, double> value)
    {
        for (long r = 0; r < y.Shape.Rows; r++)
        {
            for (var c = 0; c < y.Shape.Columns; c++)
            {
                Set(y, r, c, value(r, c));
            }
        }
    }

    private static double Get(Tensor x, long row, int column)
    {
        var i = (row * x.RowStride) + column;
        return x.Type switch
        {
            DType.Float32 => ((float*)Address(x))[i],
            DType.Float16 => (double)((Half*)Address(x))[i],
            DType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)((ushort*)Address(x))[i] << 16),
            _ => throw new ArgumentException($"Arithmetic is not done on {x}."),
        };
    }

    private static void Set(Tensor y, long row, int column, double value)
    {
        var i = (row * y.RowStride) + column;
        switch (y.Type)
        {
            case DType.Float32:
                ((float*)Address(y))[i] = (float)value;
                break;
            case DType.Float16:
                ((Half*)Address(y))[i] = (Half)(float)value;
                break;
            case DType.BFloat16:
                ((ushort*)Address(y))[i] = ToBFloat16((float)value);
                break;
            default:
                throw new ArgumentException($"Arithmetic is not done on {y}.");
        }
    }

    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private sealed class Plain : PackedLinear
    {
        public float[] Weight { get; set; } = [];

        public float[] Bias { get; set; } = [];

        protected override void Dispose(bool disposing) => Weight = [];
    }
}
