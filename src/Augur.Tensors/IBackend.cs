namespace Augur.Tensors;

/// <summary>
/// The arithmetic that models, samplers and policies need, on one kind of memory. Outputs are allocated by the caller and come last. Operands were
/// checked by <see cref="Tensor"/>'s methods; unless said otherwise they are Float32 and may be views (row-strided).
/// </summary>
/// <remarks>
/// <para>Calls may be queued: only <see cref="Synchronize"/> and <see cref="Download"/> wait for results, and a queued operation that failed (memory,
/// a lost device) surfaces at the next of these waits. Any thread may call; operations of several threads interleave, but each operation is atomic.
/// An operation's operands may be released as soon as it has returned.</para>
/// <para>Every operation gives the same bits whatever the number of threads, on one device and driver, and, where
/// <see cref="BackendCapabilities.IsBatchInvariant"/>, whatever stands in the other rows of the batch. Different backends agree within a
/// tolerance.</para>
/// <para>Operands called activations are Float32, Float16 or BFloat16, each by itself, and so is the output. Halves are widened, the arithmetic is
/// that of Float32 or wider, and the result is rounded once, to nearest even.</para>
/// </remarks>
public interface IBackend : IDisposable
{
    /// <summary>For reports: device, instruction set, threads.</summary>
    string Name { get; }

    /// <summary>Properties of the backend.</summary>
    BackendCapabilities Capabilities { get; }

    /// <summary>Whether a weight has been packed whose products are of integers; products of all others are of floating-point numbers.</summary>
    bool HasIntegerWeights { get; }

    /// <summary>Lends memory from the pool; contents undefined.</summary>
    /// <exception cref="BackendOutOfMemoryException">There is not enough memory; nothing was allocated.</exception>
    TensorBuffer Rent(long byteCount);

    /// <summary>Bytes currently lent to tensors and packed weights.</summary>
    long BytesInUse { get; }

    /// <summary>The most bytes lent at once since <see cref="ResetPeak"/>.</summary>
    long PeakBytesInUse { get; }

    /// <summary>Bytes taken from the device or the operating system: those in use, and those kept for reuse.</summary>
    long BytesReserved { get; }

    /// <summary>
    /// Bytes that can still be lent: the budget less what is in use. Without a budget it is based on the device's memory, part of which other
    /// processes may use.
    /// </summary>
    long BytesAvailable { get; }

    /// <summary>Starts a new measurement of <see cref="PeakBytesInUse"/>.</summary>
    void ResetPeak();

    /// <summary>Returns unused memory to the device or the operating system; waits for queued work.</summary>
    void Trim();

    /// <summary>Waits until all queued work is done. Needed before reading a clock, and to observe failures of queued operations.</summary>
    /// <exception cref="BackendLostException">The device is gone.</exception>
    /// <exception cref="BackendOutOfMemoryException">A queued operation found no memory.</exception>
    void Synchronize();

    /// <summary>Copies host bytes (rows without gaps) into a dense tensor of any type.</summary>
    void Upload(ReadOnlySpan<byte> source, Tensor destination);

    /// <summary>Copies tensors of any type to host bytes, one behind the other, rows without gaps. Waits for queued work, once.</summary>
    void Download(ReadOnlySpan<Tensor> sources, Span<byte> destination);

    /// <summary>Sets every element.</summary>
    void Fill(Tensor x, float value);

    /// <summary>y = x, converting between Float32, Float16 and BFloat16 (round to nearest even) where the types differ.</summary>
    void Copy(Tensor x, Tensor y);

    /// <summary>y[i…] = x with its axes reordered: axis a of y is axis axes[a] of x. Both dense.</summary>
    void Permute(Tensor x, ReadOnlySpan<int> axes, Tensor y);

    /// <summary>
    /// y = Σ coefficients[i] · terms[i] in one pass; with terms.Length · batch coefficients, term-major, each batch entry has its own.
    /// </summary>
    /// <remarks>Each term is Float32 or BFloat16 by itself; y is Float32 and may be a term.</remarks>
    void LinearCombination(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y);

    /// <summary>
    /// y = x + gate ⊙ Σ coefficients[i] · terms[i] in one pass; gate [batch, channels], the others [batch, …, channels], a coefficient per term.
    /// </summary>
    /// <remarks>
    /// Each term is Float32 or BFloat16 by itself; y may be x. The bits are those of <see cref="LinearCombination"/> and then <see cref="AddGated"/>.
    /// </remarks>
    void AddGatedCombination(Tensor x, Tensor gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y);

    /// <summary>
    /// Divided differences along the calls (TaylorSeer, arXiv 2503.06923, section 3) in one pass: new₀ = feature and newᵢ₊₁ = (newᵢ − oldᵢ) / gap
    /// for i &lt; min(known, differences.Length − 1), each written over old; differences from known on are not read.
    /// </summary>
    /// <remarks>
    /// Each difference is Float32 or BFloat16 by itself, and they do not overlap. Computed in single precision from the newᵢ before it was rounded
    /// (to nearest even) for storage; NaN and infinity are kept.
    /// </remarks>
    void UpdateDifferencesInPlace(Tensor feature, ReadOnlySpan<Tensor> differences, int known, float gap);

    /// <summary>z = x ⊙ y, same shapes.</summary>
    void Multiply(Tensor x, Tensor y, Tensor z);

    /// <summary>y = min(max(x, low), high).</summary>
    void Clamp(Tensor x, float low, float high, Tensor y);

    /// <summary>y = activation(x).</summary>
    void Activate(Tensor x, Activation activation, Tensor y);

    /// <summary>z = x ⊙ activation(gate), same shapes: the product in the middle of a gated MLP. Activations.</summary>
    void MultiplyActivated(Tensor x, Tensor gate, Activation activation, Tensor z);

    /// <summary>y = x + gate ⊙ branch; gate [batch, channels], the others [batch, …, channels]. Activations.</summary>
    void AddGated(Tensor x, Tensor gate, Tensor branch, Tensor y);

    /// <summary>
    /// y = (x − mean) / √(variance + epsilon) · (1 + scale) + shift over the innermost axis; shift and scale are [batch, channels], or null for 0.
    /// Activations.
    /// </summary>
    void LayerNorm(Tensor x, Tensor? shift, Tensor? scale, float epsilon, Tensor y);

    /// <summary>
    /// y = (x − mean) / √(variance + epsilon) · weight + bias over the innermost axis; weight and bias [channels]; no bias is 0. Activations.
    /// </summary>
    void AffineLayerNorm(Tensor x, Tensor weight, Tensor? bias, float epsilon, Tensor y);

    /// <summary>
    /// y = x / √(mean(x²) + epsilon) · weight over each head's part of the innermost axis; x and y [batch, …, heads · headChannels], weight
    /// [headChannels], or null for 1. Activations; y may be x.
    /// </summary>
    void RmsNorm(Tensor x, Tensor? weight, int heads, float epsilon, Tensor y);

    /// <summary>
    /// Turns pairs of each head's channels by the angles of its token: (y₀, y₁) = (x₀ cos − x₁ sin, x₀ sin + x₁ cos). x and y
    /// [batch, tokens, heads · headChannels]; cosines and sines Float32 [tokens, turned / 2] or [batch, tokens, turned / 2], where turned ≤
    /// headChannels: the remaining channels keep their values. x and y are activations; y may be x.
    /// </summary>
    void Rotate(Tensor x, Tensor cosines, Tensor sines, RotaryPairs pairs, int heads, Tensor y);

    /// <summary>
    /// Normalises [batch, height, width, channels] over pixels and the channels of each group, then weight, bias and activation. x and y are
    /// activations; weight and bias are Float32.
    /// </summary>
    void GroupNorm(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Activation activation, Tensor y);

    /// <summary>Lays out weight [outputs, inputs] (Float32, Float16 or BFloat16, dense) and bias [outputs] for <see cref="Linear"/>.</summary>
    PackedLinear Pack(Tensor weight, Tensor? bias);

    /// <summary>
    /// Lays out a quantised weight [outputs, inputs] and bias [outputs] for <see cref="Linear"/>. It stays in the blocks it came in, and is widened
    /// piece by piece as it is used, to the values of <see cref="QuantizedFormats.Widen"/>.
    /// </summary>
    PackedLinear Pack(QuantizedMatrix weight, Tensor? bias);

    /// <summary>y [batch, …, outputs] = epilogue(x [batch, …, inputs] · Wᵀ + bias). Activations; y overlaps neither x nor the residual.</summary>
    void Linear(Tensor x, PackedLinear weight, LinearEpilogue epilogue, Tensor y);

    /// <summary>
    /// y = softmax(q kᵀ · scale + bias) v per head, over the keys that the options select; q and y [batch, queries, heads · headChannels], k and v
    /// [batch, keys, keyHeads · headChannels]. Activations; the bias is Float32.
    /// </summary>
    void Attention(Tensor q, Tensor k, Tensor v, int heads, float scale, in AttentionOptions options, Tensor y);

    /// <summary>
    /// sums[b, j] = Σ over queries i of the mean over heads of softmax(q kᵀ · scale)[i, j]: how much attention key j receives. q
    /// [batch, queries, channels], k [batch, keys, channels], sums [batch, keys].
    /// </summary>
    /// <remarks>Needs memory in proportion to the keys, not to queries times keys. A NaN anywhere in an entry makes its sums NaN.</remarks>
    void AttentionColumnSums(Tensor q, Tensor k, int heads, float scale, Tensor sums);

    /// <summary>norms[b, h, n] = ‖x[b, n, channels of head h]‖₂; x [batch, tokens, heads · headChannels]. Sums in double.</summary>
    void HeadNorms(Tensor x, int heads, Tensor norms);

    /// <summary>Cross-correlation of x [batch, height, width, channels] (dense); y [batch, height', width', outputs] (dense). Activations.</summary>
    void Conv2d(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y);

    /// <summary>
    /// The largest or the mean under a window; x [batch, height, width, channels] and y [batch, height', width', channels], both dense.
    /// </summary>
    void Pool2d(Tensor x, Pooling pooling, PoolWindow window, Tensor y);

    /// <summary>Repeats each pixel of [batch, height, width, channels] two times in both directions.</summary>
    void UpsampleNearest2x(Tensor x, Tensor y);

    /// <summary>y[i] = x[rows[i]] along the outermost axis; rows is an Int32 tensor. x and y are of one type, as in the next three.</summary>
    void GatherRows(Tensor x, Tensor rows, Tensor y);

    /// <summary>y[rows[i]] = x[i] along the outermost axis, in place; other entries of y keep their values. Rows are distinct.</summary>
    void ScatterRowsInPlace(Tensor x, Tensor rows, Tensor y);

    /// <summary>y[b, i] = x[b, indices[b, i]]; x [batch, tokens, channels], indices Int32 [batch, k].</summary>
    void GatherTokens(Tensor x, Tensor indices, Tensor y);

    /// <summary>
    /// y[b, indices[b, i]] = x[b, i], in place; other tokens of y keep their values. Indices are distinct within a row, or what is written to one
    /// place is the same.
    /// </summary>
    void ScatterTokensInPlace(Tensor x, Tensor indices, Tensor y);

    /// <summary>
    /// Positions of the k largest of each row of scores [rows, n], largest first, ties to the lower position; indices Int32 [rows, k].
    /// </summary>
    /// <remarks>A NaN score ranks above every number: so that tokens without a valid score are computed.</remarks>
    void TopK(Tensor scores, int k, Tensor indices);

    /// <summary>
    /// labels[b, n] = the c with the least Σ |x[b, n] − centroids[b, c]|, the lowest on ties; x [batch, tokens, channels],
    /// centroids [batch, clusters, channels], labels Int32 [batch, tokens].
    /// </summary>
    /// <remarks>A distance that is not finite is never the least; a token that has no other gets label 0.</remarks>
    void NearestCentroidsL1(Tensor x, Tensor centroids, Tensor labels);

    /// <summary>
    /// means[b, c] = Σ of the tokens of x[b] with label c / (their number + 1e-8), so that an empty cluster's is 0; x [batch, tokens, channels],
    /// labels Int32 [batch, tokens], means [batch, clusters, channels].
    /// </summary>
    void ClusterMeans(Tensor x, Tensor labels, Tensor means);

    /// <summary>
    /// y[b, n] = ratio · fresh[b, labels[b, n]] + (1 − ratio) · y[b, n]; y [batch, tokens, channels], fresh [batch, clusters, channels], labels
    /// Int32 [batch, tokens].
    /// </summary>
    /// <remarks>y and fresh are Float32 or BFloat16, each by itself; computed in single precision.</remarks>
    void BlendGatheredTokensInPlace(Tensor fresh, Tensor labels, float ratio, Tensor y);

    /// <summary>
    /// The sums behind an error measure (<see cref="ErrorSums"/>), entry by entry of the outermost axis: x and y [batch, …], sums Float64
    /// [batch, <see cref="ErrorSums.Count"/>], dense. Accumulates in double or compensated single precision; does not wait.
    /// </summary>
    void RowErrorSums(Tensor x, Tensor y, ErrorMeasure measure, Tensor sums);
}
