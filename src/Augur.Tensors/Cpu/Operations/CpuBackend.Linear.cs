namespace Augur.Tensors.Cpu;

/// <content>Products with a packed weight.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Not a dense matrix of a floating-point type, or a bias of another length.</exception>
    public override PackedLinear Pack(Tensor weight, Tensor? bias)
    {
        if (weight.Shape.Rank != 2 || weight.Shape.ElementCount == 0 || !weight.IsDense || !weight.Type.IsActivation())
        {
            throw new ArgumentException($"Pack: a weight is a dense matrix [outputs, inputs] of a floating-point type, not {weight}.");
        }

        RequireBias(bias, weight.Shape[0], weight.Shape[1]);
        var packed = PackedWeight.Create(this, Options.Path, weight, bias);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return packed;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A bias of another length or type.</exception>
    public override PackedLinear Pack(QuantizedMatrix weight, Tensor? bias)
    {
        RequireBias(bias, weight.Rows, weight.Columns);
        var packed = PackedWeight.Create(this, Options.Path, weight, bias);
        GC.KeepAlive(bias);
        _hasIntegerWeights |= HasIntegerProducts(weight.Format);
        return packed;
    }

    private static void RequireBias(Tensor? bias, int outputs, int inputs)
    {
        if (bias is not null && (bias.Shape.ElementCount != outputs || !bias.IsDense || !bias.Type.IsActivation()))
        {
            throw new ArgumentException($"Pack: a weight [{outputs}, {inputs}] needs a bias [{outputs}], not {bias}.");
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The sums of an output run over the inputs in order, whatever the number of rows, tiles and threads. y must not overlap x or the residual:
    /// it holds the sums while they grow.
    /// </remarks>
    /// <exception cref="ArgumentException">The weight is another backend's or path's, or the output is an operand.</exception>
    public override void Linear(Tensor x, PackedLinear weight, LinearEpilogue epilogue, Tensor y)
    {
        if (WidenedOperands.AreNeeded(x, epilogue.Gate, epilogue.Residual, y))
        {
            using var wide = new WidenedOperands(this);
            var singles = epilogue with { Gate = wide.ReadOptional(epilogue.Gate), Residual = wide.ReadOptional(epilogue.Residual) };
            Linear(wide.Read(x), weight, singles, wide.Write(y));
            wide.Finish();
            return;
        }

        var packed = Own(weight);
        var rows = checked((int)y.Shape.Rows);
        if (rows == 0)
        {
            return;
        }

        var product = new LinearProduct(packed)
        {
            X = (float*)Address(x),
            XStride = x.RowStride,
            Y = (float*)Address(y),
            YStride = y.RowStride,
            Rows = rows,
            Activation = epilogue.Activation,
        };
        if (epilogue.Gate is { } gate)
        {
            product.Gate = (float*)Address(gate);
            product.GateStride = gate.RowStride;
            product.RowsPerGate = rows / y.Shape[0];
        }

        if (epilogue.Residual is { } residual)
        {
            product.Residual = (float*)Address(residual);
            product.ResidualStride = residual.RowStride;
        }

        if (product.Y == product.X || product.Y == product.Residual)
        {
            throw new ArgumentException($"Linear: the output {y} is one of the operands.");
        }

        RunLinear(ref product);
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(epilogue.Gate);
        GC.KeepAlive(epilogue.Residual);
        GC.KeepAlive(y);
    }

    private void RunLinear(ref LinearProduct product)
    {
        // Of the weight alone: were it the rows, a batch would differ from its rows alone.
        var integers = product.Format is { } format && HasIntegerProducts(format);
        delegate*<void*, int, void> tile = Options.Path switch
        {
            CpuPath.Avx512 => integers ? &IntegerTile<V512>.Run : &LinearTile<V512>.Run,
            CpuPath.Avx2 => integers ? &IntegerTile<V256>.Run : &LinearTile<V256>.Run,
            _ => integers ? &IntegerTile<V128>.Run : &LinearTile<V128>.Run,
        };
        product.Split(Options.Threads);
        var copy = product; // on the stack, where its address is good for all threads until the run has ended
        RunTiles(copy.Tiles, copy.IsSmall, tile, &copy);
    }

    private bool HasIntegerProducts(QuantizedFormat format) => Options.IntegerProducts && !format.IsFloat8();

    private void RunTiles(int tiles, bool onCaller, delegate*<void*, int, void> tile, void* arguments)
    {
        if (!onCaller)
        {
            _workers.Run(tiles, tile, arguments);
            return;
        }

        for (var i = 0; i < tiles; i++)
        {
            tile(arguments, i);
        }
    }

    private PackedWeight Own(PackedLinear weight)
    {
        if (weight is not PackedWeight packed)
        {
            throw new ArgumentException(
                $"Linear: a weight [{weight.Outputs}, {weight.Inputs}] packed by another kind of backend was given to {Name}.");
        }

        return packed.Path == Options.Path ? packed
            : throw new ArgumentException($"Linear: a weight [{weight.Outputs}, {weight.Inputs}] packed for {packed.Path} was given to {Name}.");
    }
}
