using System.Buffers.Binary;
using System.Text;

namespace Augur.Fuzz;

/// <summary>Damages a valid file in ways that get past the first check: numbers, lengths, instructions, names, and plain bytes.</summary>
internal sealed class Mutator(IReadOnlyList<FuzzSeed> seeds, Random random)
{
    private static readonly string[] s_numbers =
        ["0", "1", "2", "3", "7", "8", "-1", "255", "256", "65536", "2147483647", "2147483648", "4294967295", "1099511627776", "9223372036854775807",
            "9223372036854775808", "18446744073709551615", "1e3", "1e400", "0.5", "null", "[]", "\"8\""];

    private static readonly long[] s_integers =
        [0, 1, -1, 2, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];

    private static readonly byte[] s_opcodes =
        [.. "(.012FIJKLMNPQRSTUVX]abcdeghijlopqrstu}GBC)"u8, 0x80, 0x81, 0x82, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x93,
            0x94, 0x95];

    /// <summary>A seed with one to four changes.</summary>
    public (FuzzSeed Seed, byte[] Bytes) Next()
    {
        var seed = seeds[random.Next(seeds.Count)];
        if (seed.Kind == SeedKind.Safetensors && random.Next(4) != 0)
        {
            return (seed, MutateHeader(seed));
        }

        if (seed.Kind == SeedKind.Gguf && random.Next(4) != 0)
        {
            return (seed, MutateNumbers(seed));
        }

        var bytes = new List<byte>(seed.Bytes);
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            Change(bytes, mayResize: seed.Kind != SeedKind.Zip || random.Next(8) == 0);
        }

        return (seed, [.. bytes]);
    }

    // The header's length is corrected afterwards, so that the damage reaches the JSON and what comes after.
    private byte[] MutateHeader(FuzzSeed seed)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(seed.Bytes);
        var header = new List<byte>(seed.Bytes[8..(8 + length)]);
        for (var changes = random.Next(1, 4); changes > 0 && header.Count > 0; changes--)
        {
            if (random.Next(3) == 0)
            {
                Change(header, mayResize: true);
            }
            else
            {
                ChangeNumber(header);
            }
        }

        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Count);
        return [.. prefix, .. header, .. seed.Bytes[(8 + length)..]];
    }

    // Counts, lengths, extents, types and places of a binary header, with the lengths around them as they were.
    private byte[] MutateNumbers(FuzzSeed seed)
    {
        var bytes = new List<byte>(seed.Bytes);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            if (random.Next(2) == 0)
            {
                Overwrite(bytes, at, 1 << random.Next(4));
            }
            else
            {
                bytes[at] = (byte)(bytes[at] + random.Next(1, 8) - 4);
            }
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes, bool mayResize)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(mayResize ? 11 : 5))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes[at] = s_opcodes[random.Next(s_opcodes.Length)]; break;
            case 3: Overwrite(bytes, at, 1 << random.Next(4)); break;
            case 4: Swap(bytes, at); break;
            case 5: bytes.Insert(at, s_opcodes[random.Next(s_opcodes.Length)]); break;
            case 6: bytes.InsertRange(at, Chunk(seeds[random.Next(seeds.Count)].Bytes)); break;
            case 7: bytes.InsertRange(at, Chunk([.. bytes])); break;
            case 8: bytes.RemoveRange(at, Math.Min(random.Next(1, 32), bytes.Count - at)); break;
            case 9: bytes.RemoveRange(at, bytes.Count - at); break;
            default: ChangeNumber(bytes); break;
        }
    }

    private void ChangeNumber(List<byte> bytes)
    {
        var start = random.Next(bytes.Count);
        var at = bytes.FindIndex(start, b => char.IsAsciiDigit((char)b));
        if (at < 0)
        {
            return;
        }

        var end = bytes.FindIndex(at, b => !char.IsAsciiDigit((char)b));
        bytes.RemoveRange(at, (end < 0 ? bytes.Count : end) - at);
        bytes.InsertRange(at, Encoding.ASCII.GetBytes(s_numbers[random.Next(s_numbers.Length)]));
    }

    private void Overwrite(List<byte> bytes, int at, int width)
    {
        var value = s_integers[random.Next(s_integers.Length)];
        for (var i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = (byte)(value >> (8 * i));
        }
    }

    private void Swap(List<byte> bytes, int at)
    {
        var other = random.Next(bytes.Count);
        (bytes[at], bytes[other]) = (bytes[other], bytes[at]);
    }

    private byte[] Chunk(byte[] from)
    {
        var at = random.Next(from.Length);
        return from[at..Math.Min(from.Length, at + random.Next(1, 64))];
    }
}
