using PaimonSharp.Data;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>A row as it was written.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Values">Its values by column id.</param>
internal sealed record ModelVersion(RowKind Kind, int Partition, IReadOnlyDictionary<int, object?> Values);
