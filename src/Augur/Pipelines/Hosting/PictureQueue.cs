using Augur.Decoding;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// Makes pictures and previews beside the thread that computes: one picture at a time, so that decoding does not take the machine from the network,
/// and one preview at a time, which waits for no picture.
/// </summary>
/// <param name="model">Whose decoder.</param>
/// <param name="clock">For the time of decoding.</param>
/// <param name="stopping">Once cancelled, nothing more is begun.</param>
internal sealed class PictureQueue(DiffusionModel model, CallClock clock, CancellationToken stopping) : IAsyncDisposable
{
    private readonly SemaphoreSlim _decoder = new(1);
    private readonly SemaphoreSlim _preview = new(1);

    /// <summary>The picture of a finished run.</summary>
    public async Task<GenerationResult> DecodeAsync(FinishedRun run) => await InTurnAsync(_decoder, () => Decode(run)).ConfigureAwait(false);

    /// <summary>A small picture of where a sample is heading.</summary>
    /// <param name="estimate">Of the image, innermost axis fastest.</param>
    /// <param name="shape">[1, channels, …].</param>
    public async Task<Medium?> PreviewAsync(float[] estimate, Shape shape) =>
        await InTurnAsync(_preview, () => Preview(estimate, shape)).ConfigureAwait(false);

    /// <summary>Waits until nothing uses the model; to be called once nothing more is begun.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var turn in new[] { _decoder, _preview })
        {
            await turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            turn.Release(); // for whoever disposes once more
        }
    }

    private async Task<T> InTurnAsync<T>(SemaphoreSlim turn, Func<T> make)
    {
        await turn.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            stopping.ThrowIfCancellationRequested();
            return make();
        }
        finally
        {
            turn.Release();
        }
    }

    private GenerationResult Decode(FinishedRun run)
    {
        using var scope = TensorScope.Begin();
        var latent = Tensor.From(model.Denoiser.Backend, run.Latent, run.Shape);
        var began = clock.Now();
        var output = model.Decoder.Decode(latent) ?? throw new InvalidOperationException("The decoder made nothing of a latent.");
        var cost = run.Report.Cost + new RunCost { DecodeTime = clock.Since(began) };
        return new GenerationResult(run.Request, output, run.Latent, run.Report with { Cost = cost });
    }

    private Medium? Preview(float[] estimate, Shape shape)
    {
        using var scope = TensorScope.Begin();
        return model.Decoder.Preview(Tensor.From(model.Denoiser.Backend, estimate, shape));
    }
}
