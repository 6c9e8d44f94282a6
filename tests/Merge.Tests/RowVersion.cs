using PaimonSharp.Data;

namespace PaimonSharp.Merge.Tests;

/// <summary>A version of a key as an object a value: what the naive engines work on.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Values">The values of all columns, the key first.</param>
internal sealed record RowVersion(RowKind Kind, object?[] Values)
{
    public override string ToString() => $"{Kind.ToShortText()} [{string.Join(", ", Values.Select(value => value ?? "null"))}]";
}
