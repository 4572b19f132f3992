using System.CommandLine;
using Augur.Catalogs;
using Augur.Cli.Commands.Options;
using Augur.Requests;
using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Cli.Commands.Write;

/// <summary><c>augur write</c>: its options; what they mean together is in <see cref="WriteRun"/>.</summary>
internal static class WriteCommand
{
    private const int MostTokens = 1 << 16;

    public static Command Create()
    {
        var prompts = new Argument<string[]>("prompt")
        {
            Description = "Beginnings of texts, each to be continued.",
            Arity = ArgumentArity.OneOrMore,
        };
        var model = PathOf("--model", "Folder or file of a masked diffusion language model (LLaDA, Dream); default: the built-in writer of stories.");
        var tokenizer = PathOf("--tokenizer", "Its tokenizer, where none lies beside it.");
        var chat = new Option<bool>("--chat") { Description = "Put each prompt into the model's chat template, as a message of the user." };
        var length = NumberOptions.OptionalInteger("--length", "Tokens to write; default: the model's.", 1, MostTokens);
        var steps = NumberOptions.OptionalInteger(
            "--steps", "Network calls, for samplers that do not decide on their number themselves; default: one per token.", 1, 1000);
        var samplers = string.Join(", ", TokenSamplers.All.Select(entry => entry.Name));
        var sampler = Parsed(
            "--sampler",
            $"Way to the text: {samplers}, with settings as in llada(block=32,threshold=0.9); default: the model's, LLaDA's "
                + $"in the longest blocks of {LladaSampler.ShortestBlock} to {LladaSampler.UsualBlock} tokens that divide text and steps, "
                + "else in one.",
            text => TokenSamplers.Parse(text));
        var policy = Parsed(
            "--policy", "Caching method with its settings, such as dllm-cache(response=5), or @PROFILE of augur tune; default: none.",
            text =>
            {
                if (text is not ['@', ..]) // a file is read when the run begins
                {
                    PolicyCatalog.Parse(text);
                }
            });
        var guidance = NumberOptions.OptionalNumber(
            "--guidance", "Classifier-free guidance, 0 to 100; default: 1, none.", "0 to 100", g => g is >= 0 and <= 100);
        var seed = NumberOptions.Integer("--seed", "Seed of what is drawn; the next text has the next.", 0, int.MaxValue, 0);
        var count = NumberOptions.Integer("--count", "Texts of each prompt.", 1, 1000, 1);
        var budget = new Option<string?>("--cache-budget")
        {
            Description = "Most memory for a text's kept features, such as 64MB.",
            HelpName = "SIZE",
        };
        var compare = Parsed(
            "--compare",
            "Hold ways to write against each other instead: methods, samplers, steps(N), or several with + between, separated by semicolons.",
            text => TextContender.ParseList(text));
        var json = new Option<bool>("--json") { Description = "Print a JSON report instead of the texts." };
        var compute = new ComputeOptions();
        var command = new Command("write", """
            Continue texts with a masked diffusion language model.

              augur write "Once upon a time"
              augur write "Once upon a time" --length 128 --policy dllm-cache
              augur write "Once upon a time" --sampler "llada(block=32,threshold=0.9)" --policy block-cache
              augur write "Tell me a story about a fox." --chat --sampler "llada(temperature=0.5)" --count 3
              augur write "Once upon a time" --compare "steps(32); dllm-cache; llada(block=32,threshold=0.9) + block-cache"
              augur write "def fib(n):" --model Dream-v0-Base-7B --policy "dllm-cache(prompt=25,response=2)"

            On a terminal the tokens appear as they are decided on; in a pipe the texts alone are written.
            The same seed and settings give the same text. Ctrl-C keeps the texts, or rows of a comparison, that are whole.
            """)
        {
            prompts, chat, length, steps, sampler, policy, guidance, seed, count, model, tokenizer, budget, compare, json,
        };
        foreach (var option in compute.All)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => new WriteRun
        {
            Prompts = parsed.GetValue(prompts)!,
            Paths = new()
            {
                Model = parsed.GetValue(model) ?? ModelCatalog.BuiltInWriterPath,
                Tokenizers = parsed.GetValue(tokenizer) is { } given ? [given] : [],
            },
            IsChat = parsed.GetValue(chat),
            Description = new()
            {
                Length = parsed.GetValue(length),
                Steps = parsed.GetValue(steps),
                Sampler = parsed.GetValue(sampler) is { } way ? TokenSamplers.Parse(way) : null,
                Policy = parsed.GetValue(policy),
                Guidance = parsed.GetValue(guidance),
                Seed = parsed.GetValue(seed),
                CacheBudget = parsed.GetValue(budget) is { } bytes ? ByteSize.Parse(budget.Name, bytes) : null,
            },
            Count = parsed.GetValue(count),
            Contenders = parsed.GetValue(compare) is { } ways ? TextContender.ParseList(ways) : [],
            Compute = compute.Read(parsed),
            Json = parsed.GetValue(json),
            Output = parsed.InvocationConfiguration.Output,
            Error = parsed.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return command;
    }

    private static Option<string?> PathOf(string name, string description) => new(name) { Description = description, HelpName = "PATH" };

    private static Option<string?> Parsed(string name, string description, Action<string> parse) => new(name)
    {
        Description = description,
        HelpName = "TEXT",
        CustomParser = result => NumberOptions.Read<string?>(result, text =>
        {
            parse(text);
            return text;
        }),
    };
}
