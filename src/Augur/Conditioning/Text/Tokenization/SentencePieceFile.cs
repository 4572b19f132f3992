using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>
/// Reads a SentencePiece model: the protocol buffer ModelProto of sentencepiece_model.proto. Fields that are not needed are skipped.
/// </summary>
internal static class SentencePieceFile
{
    private const int MaxPieces = 1 << 22;

    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>Reads the model.</summary>
    /// <exception cref="WeightFileException">It is damaged, or no unigram model.</exception>
    public static UnigramModel Read(string path)
    {
        var (pieces, type, fallsBack) = (new List<Piece>(), 1L, false);
        CharacterMap? map = null;
        var (addsSpace, collapses) = (true, true);
        foreach (var field in Fields(path, BoundedFile.Bytes(path)))
        {
            switch (field.Number)
            {
                case 1:
                    pieces.Add(ReadPiece(path, field.Bytes));
                    break;
                case 2:
                    foreach (var setting in Fields(path, field.Bytes))
                    {
                        type = setting.Number == 3 ? setting.Value : type;
                        fallsBack = setting.Number == 35 ? setting.Value != 0 : fallsBack;
                    }

                    break;
                case 3:
                    foreach (var setting in Fields(path, field.Bytes))
                    {
                        map = setting.Number == 2 && setting.Bytes.Length > 0 ? new CharacterMap(path, setting.Bytes.Span) : map;
                        addsSpace = setting.Number == 3 ? setting.Value != 0 : addsSpace;
                        collapses = setting.Number == 4 ? setting.Value != 0 : collapses;
                    }

                    break;
            }

            if (pieces.Count > MaxPieces)
            {
                throw new WeightFileException($"{path}: more than {MaxPieces} pieces are too many for a vocabulary.");
            }
        }

        if (type != 1)
        {
            throw new WeightFileException($"{path}: the model type is {type}; 1 (unigram) is built.");
        }

        var unknown = pieces.FindIndex(piece => piece.Kind == PieceKind.Unknown);
        var settings = new UnigramSettings(map, addsSpace ? SpaceBefore.Always : SpaceBefore.Never, collapses, FallsBackToBytes: fallsBack);
        return pieces.Count == 0 ? throw new WeightFileException($"{path}: is no SentencePiece model: there are no pieces.")
            : unknown < 0 ? throw new WeightFileException($"{path}: no piece stands for what is unknown.")
            : new UnigramModel(path, pieces, unknown, settings);
    }

    private static Piece ReadPiece(string path, ReadOnlyMemory<byte> message)
    {
        var (text, score, kind) = ("", 0f, PieceKind.Normal);
        foreach (var field in Fields(path, message))
        {
            switch (field.Number)
            {
                case 1 when Utf8.IsValid(field.Bytes.Span):
                    text = Encoding.UTF8.GetString(field.Bytes.Span);
                    break;
                case 1:
                    throw new WeightFileException($"{path}: a piece is no UTF-8 text.");
                case 2:
                    score = BitConverter.Int32BitsToSingle((int)field.Value);
                    break;
                case 3:
                    kind = (PieceKind)field.Value;
                    break;
            }
        }

        return float.IsFinite(score) && Enum.IsDefined(kind) ? new Piece(text, score, kind)
            : throw new WeightFileException($"{path}: piece {WeightFileException.Quote(text)} has score {score} and kind {(long)kind}.");
    }

    private readonly record struct Field(int Number, long Value, ReadOnlyMemory<byte> Bytes);

    private static List<Field> Fields(string path, ReadOnlyMemory<byte> message)
    {
        var (fields, at) = (new List<Field>(), 0);
        while (at < message.Length)
        {
            var key = Varint(path, message.Span, ref at);
            var number = key >> 3 is > 0 and <= int.MaxValue ? (int)(key >> 3) : throw Damaged(path, at);
            switch ((Wire)(key & 7))
            {
                case Wire.Varint:
                    fields.Add(new Field(number, Varint(path, message.Span, ref at), default));
                    break;
                case Wire.Fixed32:
                    fields.Add(new Field(number, BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span), default));
                    break;
                case Wire.Fixed64:
                    Take(8);
                    break;
                case Wire.Bytes:
                    fields.Add(new Field(number, 0, Take(Varint(path, message.Span, ref at))));
                    break;
                default:
                    throw Damaged(path, at);
            }
        }

        return fields;

        ReadOnlyMemory<byte> Take(long count)
        {
            var taken = count >= 0 && count <= message.Length - at ? message.Slice(at, (int)count) : throw Damaged(path, at);
            at += (int)count;
            return taken;
        }
    }

    private static long Varint(string path, ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return (long)value;
            }
        }

        throw Damaged(path, at);
    }

    private static WeightFileException Damaged(string path, int at) =>
        new($"{path}: is no SentencePiece model (byte {at} of a message does not fit).");
}
