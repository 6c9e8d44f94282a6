using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// A row of a partition, of a key or of bounds in its serialized form: the number of fields, big-endian in 4 bytes, then the
/// BinaryRow (docs/format.md#binary-row). Immutable; equal when the bytes are equal, as partitions and keys are.
/// </summary>
internal sealed class BinaryRowBytes : IEquatable<BinaryRowBytes>
{
    private const int PrefixBytes = 4;
    private readonly byte[] _serialized;
    private readonly int _hashCode;

    private BinaryRowBytes(byte[] serialized)
    {
        _serialized = serialized;
        var hash = new HashCode();
        hash.AddBytes(serialized);
        _hashCode = hash.ToHashCode();
    }

    /// <summary>The row of no fields: the partition of an unpartitioned table, the statistics of no column.</summary>
    public static BinaryRowBytes Empty { get; } = new(new byte[PrefixBytes + 8]);

    /// <summary>The number of fields.</summary>
    public int Arity => BinaryPrimitives.ReadInt32BigEndian(_serialized);

    /// <summary>The BinaryRow, without the number of fields.</summary>
    public ReadOnlySpan<byte> Row => _serialized.AsSpan(PrefixBytes);

    /// <summary>The bytes as files hold them: the number of fields, then the row.</summary>
    public ReadOnlySpan<byte> Serialized => _serialized;

    /// <summary>Takes over a BinaryRow.</summary>
    /// <param name="arity">The number of its fields.</param>
    /// <param name="row">The row, copied.</param>
    public static BinaryRowBytes FromRow(int arity, ReadOnlySpan<byte> row)
    {
        var serialized = new byte[PrefixBytes + row.Length];
        BinaryPrimitives.WriteInt32BigEndian(serialized, arity);
        row.CopyTo(serialized.AsSpan(PrefixBytes));
        return Create(serialized);
    }

    /// <summary>Reads the form that files hold.</summary>
    /// <param name="serialized">The number of fields, then the row; copied.</param>
    /// <exception cref="CorruptDataException">The bytes are too few for their number of fields.</exception>
    public static BinaryRowBytes FromSerialized(ReadOnlySpan<byte> serialized)
    {
        if (serialized.Length < PrefixBytes)
        {
            CorruptDataException.Throw($"A serialized row has at least {PrefixBytes} bytes, this one {serialized.Length}.");
        }

        return serialized.SequenceEqual(Empty._serialized) ? Empty : Create(serialized.ToArray());
    }

    /// <inheritdoc/>
    public bool Equals(BinaryRowBytes? other) =>
        other is not null
        && (ReferenceEquals(this, other)
            || (_hashCode == other._hashCode && _serialized.AsSpan().SequenceEqual(other._serialized)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BinaryRowBytes);

    /// <inheritdoc/>
    public override int GetHashCode() => _hashCode;

    /// <summary>The row in hexadecimal, for messages about rows whose types are not known.</summary>
    public override string ToString() => Convert.ToHexStringLower(Row);

    private static BinaryRowBytes Create(byte[] serialized)
    {
        var arity = BinaryPrimitives.ReadInt32BigEndian(serialized);
        var rowBytes = serialized.Length - PrefixBytes;
        if (arity < 0 || rowBytes < FixedBytes(arity))
        {
            CorruptDataException.Throw(
                $"A serialized row of {arity} fields has at least {FixedBytes(arity)} bytes of row, this one {rowBytes}.");
        }

        return new BinaryRowBytes(serialized);
    }

    private static long FixedBytes(long arity) => ((arity + 63 + 8) / 64 * 8) + (arity * 8);
}
