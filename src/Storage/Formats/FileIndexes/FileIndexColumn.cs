using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>An index that options ask for.</summary>
/// <param name="Kind">One of <see cref="FileIndexKind"/>.</param>
/// <param name="Name">The name in the index file: the column's, or <c>m[key]</c>.</param>
/// <param name="Column">The column's position in the schema.</param>
/// <param name="Type">The type of the values that are indexed.</param>
/// <param name="MapKey">The key of a map whose values are indexed; null for whole columns.</param>
/// <param name="Options">The options of the index, without prefix.</param>
internal sealed record FileIndexColumn(string Kind, string Name, int Column, DataType Type, string? MapKey, TableOptions Options);
