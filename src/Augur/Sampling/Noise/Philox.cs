namespace Augur.Sampling;

/// <summary>Philox4x32 with 10 rounds (Salmon et al., 2011): four random words for each 128-bit counter and 64-bit key.</summary>
internal static class Philox
{
    private const int Rounds = 10;

    /// <summary>The words for a counter (x lowest) and a key.</summary>
    public static (uint X, uint Y, uint Z, uint W) Words(uint x, uint y, uint z, uint w, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var first = 0xD2511F53UL * x;
            var second = 0xCD9E8D57UL * z;
            (x, y, z, w) = ((uint)(second >> 32) ^ y ^ key0, (uint)second, (uint)(first >> 32) ^ w ^ key1, (uint)first);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        return (x, y, z, w);
    }
}
