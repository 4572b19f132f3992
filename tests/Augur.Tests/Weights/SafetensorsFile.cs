using System.Buffers.Binary;
using System.Text;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

/// <summary>Safetensors files written by hand, so that they can be wrong.</summary>
internal static class SafetensorsFile
{
    public const string Name = "model.safetensors";

    public static byte[] From(string header, int dataLength)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    public static string RefusalOf(byte[] file, string name = Name) =>
        Assert.Throws<WeightFileException>(() => Checkpoint.FromBytes(name, file)).Message;

    public static string RefusalOf(string header, int dataLength) => RefusalOf(From(header, dataLength));
}
