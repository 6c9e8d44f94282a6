using PaimonSharp.Data;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>A row that a case asks to write, before the model has made it one that the table's options give a defined result for.</summary>
/// <param name="Key">Which key.</param>
/// <param name="Partition">Which partition.</param>
/// <param name="Kind">What it does, where that may be done to the key.</param>
/// <param name="Seed">Decides its values.</param>
internal readonly record struct ModelRowInput(int Key, int Partition, RowKind Kind, int Seed)
{
    public override string ToString() => $"{Kind.ToShortText()} {Key}/{Partition} #{Seed}";
}
