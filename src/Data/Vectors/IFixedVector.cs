namespace PaimonSharp.Data.Vectors;

/// <summary>
/// A <see cref="FixedVector{T}"/> of whatever type, seen as the bytes of its values: for who moves columns and does not look into
/// them. The bytes of a value are in the order of the machine.
/// </summary>
public interface IFixedVector
{
    /// <summary>The bytes of the values of all rows.</summary>
    ReadOnlySpan<byte> ValuesAsBytes { get; }

    /// <summary>Appends rows and hands out the bytes of their values to be filled in.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    /// <returns>The bytes; those of NULL rows must be set to the default value.</returns>
    Span<byte> AppendUninitializedBytes(int count, ReadOnlySpan<byte> validity);
}
