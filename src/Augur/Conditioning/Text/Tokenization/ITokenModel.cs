namespace Augur.Conditioning.Text.Tokenization;

/// <summary>Makes numbers of a normalised text without added tokens, and bytes of numbers.</summary>
internal interface ITokenModel
{
    /// <summary>One more than the largest number.</summary>
    int Count { get; }

    /// <summary>Appends the tokens of a text.</summary>
    /// <param name="text">Normalised.</param>
    /// <param name="isFirst">Whether it begins the whole text.</param>
    /// <param name="ids">Gets the tokens.</param>
    void Encode(string text, bool isFirst, List<int> ids);

    /// <summary>The number of a token that is spelt so in the file; null: there is none.</summary>
    int? Find(string token);

    /// <summary>Appends what a token stands for, in UTF-8; nothing for a number that is no token.</summary>
    void Decode(int id, List<byte> text);
}
