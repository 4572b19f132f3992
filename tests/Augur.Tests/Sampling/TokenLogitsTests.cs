using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Sampling;

public sealed class TokenLogitsTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_answer_without_a_likeliest_token_is_told_with_its_step(float value)
    {
        using var backend = new ReferenceBackend();
        using var scope = TensorScope.Begin();
        var answer = new NetworkAnswer();
        answer.Set(Tensor.From(backend, [0, float.NegativeInfinity, value, 1], [1, 2, 2]), null, null, "Step 3 of 20");
        Assert.Equal(2, TokenLogits.Read(answer, [0]).Vocabulary); // what will not be said is no error
        Assert.StartsWith(
            "Step 3 of 20: the network's answer holds NaN or infinity",
            Assert.Throws<InvalidOperationException>(() => TokenLogits.Read(answer, [0, 1])).Message, StringComparison.Ordinal);
    }
}
