using System.Text;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/easycache.md on scripted inputs and outputs.</summary>
public sealed class EasyCacheTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    // Output 10 + 2 · input, input 1 + call: a rate of 2; expected changes are 2 / 14 a call after call 1, 2 / 20 after call 4, 2 / 26 after call 7.
    [Theory]
    [InlineData("easycache(threshold=0.29,warmup=2)", "FFrrFrrFrF")]
    // one change after calls 1, 3, 5 and 7 (2 / 14, 2 / 18, 2 / 22, 2 / 26) passes, two do not
    [InlineData("easycache(threshold=0.15,warmup=2)", "FFrFrFrFrF")]
    [InlineData("easycache(threshold=0,warmup=2)", "FFFFFFFFFF")]
    [InlineData("easycache(threshold=1000)", "FFFFFrrrrF")]
    [InlineData("easycache(threshold=1000,warmup=1)", "FFrrrrrrrF")] // no rate is known yet at call 1
    public void Expected_changes_add_up_until_the_threshold(string policy, string expected) => Assert.Equal(expected, Play(policy, i => 1 + i));

    [Fact]
    public void The_last_difference_of_output_and_input_is_reused()
    {
        var supplied = new List<float>();
        Play("easycache(threshold=0.29,warmup=2)", i => 1 + i, supplied);
        Assert.Equal([15, 16], supplied[..2]); // 3 + (14 − 2), 4 + (14 − 2)
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_input_that_is_not_finite_computes_its_call_and_the_next(float value) =>
        Assert.StartsWith("FFrFF", Play("easycache(threshold=1000,warmup=2)", i => i == 3 ? value : 1 + i));

    private string Play(string policy, Func<int, float> input, List<float>? supplied = null)
    {
        const int Calls = 10;
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse(policy).Open(CacheScript.Run(Calls));
        var letters = new StringBuilder();
        for (var i = 0; i < Calls; i++)
        {
            var x = input(i);
            cache.Begin(new NetworkCall(i, Calls, 0));
            var embedded = Tensor.Full(_backend, [1, 2, 4], 0);
            var answer = cache.Ask(new Question(Site.Output, embedded, _ => Tensor.Full(_backend, [1, 2, 3], x)));
            if (answer.Supplies)
            {
                var formed = Tensor.Full(_backend, [1, 2, 3], 0);
                answer.Forecast!().WriteTo(formed);
                supplied?.Add(formed.ToArray()[0]);
            }
            else
            {
                answer.Observe!(embedded, Tensor.Full(_backend, [1, 2, 3], 10 + (2 * x)));
            }

            letters.Append(cache.End().Kind == CallKind.Computed ? 'F' : 'r');
        }

        return letters.ToString();
    }
}
