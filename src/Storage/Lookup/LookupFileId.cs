namespace PaimonSharp.Storage.Lookup;

/// <summary>What a lookup file was made of.</summary>
/// <param name="DataFile">The data file's path.</param>
/// <param name="SchemaId">The schema that it was read with; no matter for keys alone, whose columns never change.</param>
/// <param name="HasRows">Whether it has rows, or keys alone.</param>
internal readonly record struct LookupFileId(string DataFile, long SchemaId, bool HasRows);
