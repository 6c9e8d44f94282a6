using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// A decoded block of a lookup file (layout: <see cref="LookupFileFooter"/>), a view on the one array that holds it, so that a
/// lookup touches as little memory as can be. Immutable; safe for several threads.
/// </summary>
internal readonly struct LookupBlock
{
    /// <summary>The bytes before the keys.</summary>
    public const int HeaderBytes = 8;

    private const int MinRowBytes = sizeof(long) + 8;

    private readonly byte[] _bytes;

    /// <summary>A view on a block that has been checked.</summary>
    /// <param name="bytes">The block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LookupBlock(byte[] bytes) => _bytes = bytes;

    /// <summary>False for the default, which is no block.</summary>
    public bool IsPresent => _bytes is not null;

    private int Count => BinaryPrimitives.ReadInt32LittleEndian(_bytes);

    private int EndsAt => HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(4));

    /// <summary>Checks decoded bytes.</summary>
    /// <param name="bytes">The block.</param>
    /// <param name="count">The rows that the index says it has.</param>
    /// <param name="isExact">Whether prefixes are whole keys.</param>
    /// <param name="hasRows">Whether rows have values.</param>
    /// <exception cref="CorruptDataException">They are no such block.</exception>
    public static void Check(byte[] bytes, long count, bool isExact, bool hasRows)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadInt32LittleEndian(bytes) != count || count < 1)
        {
            CorruptDataException.Throw($"A block of {bytes.Length} bytes does not have the {count} rows that the index says.");
        }

        var keyBytes = PackedKeys.Check(bytes.AsSpan(HeaderBytes), (int)count, isExact);
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)) != keyBytes
            || (!hasRows && HeaderBytes + keyBytes != bytes.Length))
        {
            CorruptDataException.Throw($"The keys of a block have {keyBytes} bytes; it says otherwise.");
        }

        if (hasRows)
        {
            new LookupBlock(bytes).CheckRows();
        }
    }

    /// <summary>Finds a key.</summary>
    /// <param name="keys">Keys of the same encoder.</param>
    /// <param name="index">The key looked for.</param>
    /// <param name="share">Where it may be: 0 at the first row to 1 at the last.</param>
    /// <returns>Its row in the block, or -1.</returns>
    public int Find(EncodedKeys keys, int index, double share = 0.5)
    {
        var count = Count;
        var packed = new PackedKeys(_bytes.AsSpan(HeaderBytes), count, keys.IsPrefixExact);
        var row = packed.LowerBound(keys, index, (int)(share * (count - 1)));
        return row < count && packed.Is(row, keys, index) ? row : -1;
    }

    /// <summary>The sequence number of a row.</summary>
    /// <param name="row">The row in the block.</param>
    public long SequenceOf(int row) => BinaryPrimitives.ReadInt64LittleEndian(Record(row));

    /// <summary>The kind of a row.</summary>
    /// <param name="row">The row in the block.</param>
    public RowKind KindOf(int row) => (RowKind)Record(row)[sizeof(long)];

    /// <summary>The columns of a row, as a BinaryRow whose first byte is its kind.</summary>
    /// <param name="row">The row in the block.</param>
    public ReadOnlySpan<byte> RowOf(int row) => Record(row)[sizeof(long)..];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Record(int row)
    {
        var ends = _bytes.AsSpan(EndsAt);
        var start = row == 0 ? 0 : (int)BinaryPrimitives.ReadUInt32LittleEndian(ends[((row - 1) * sizeof(uint))..]);
        var end = (int)BinaryPrimitives.ReadUInt32LittleEndian(ends[(row * sizeof(uint))..]);
        return ends.Slice((Count * sizeof(uint)) + start, end - start);
    }

    private void CheckRows()
    {
        var (count, endsAt) = (Count, EndsAt);
        var all = _bytes.Length - endsAt - ((long)count * sizeof(uint));
        if (all < 0)
        {
            CorruptDataException.Throw($"A block of {_bytes.Length} bytes has no room for {count} rows.");
        }

        var start = 0L;
        for (var row = 0; row < count; row++)
        {
            var end = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(endsAt + (row * sizeof(uint))));
            if (end > all || end - start < MinRowBytes || (row == count - 1 && end != all))
            {
                CorruptDataException.Throw($"Row {row} of a block ends at byte {end} of {all}, the one before it at {start}.");
            }

            start = end;
            if (KindOf(row) > RowKind.Delete)
            {
                CorruptDataException.Throw($"Row {row} of a block is of kind {(byte)KindOf(row)}; a row kind is 0 to 3.");
            }
        }
    }
}
