using Augur.Sampling;

namespace Augur.Tests.Sampling;

public sealed class PhiloxTests
{
    // Random123's kat_vectors, the lines "philox4x32 10".
    [Theory]
    [InlineData(0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdcceb, 0x5001e420u, 0x24126ea1u)]
    public void The_published_test_vectors_are_met(
        uint x, uint y, uint z, uint w, uint key0, uint key1, uint first, uint second, uint third, uint fourth) =>
        Assert.Equal((first, second, third, fourth), Philox.Words(x, y, z, w, key0, key1));
}
