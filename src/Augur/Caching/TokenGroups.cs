using Augur.Tensors;

namespace Augur.Caching;

/// <summary>Tokens put together into groups, each of which one token stands for.</summary>
/// <param name="Labels">The group of each token, [rows, tokens].</param>
/// <param name="Count">Groups of a row.</param>
public sealed record TokenGroups(IndexTable Labels, int Count);
