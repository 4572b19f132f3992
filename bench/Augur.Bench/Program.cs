using Augur.Bench;

if (args is ["gemm", var threads, var rounds])
{
    GemmBench.Run(Console.Out, int.Parse(threads), int.Parse(rounds));
}
