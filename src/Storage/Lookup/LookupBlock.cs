using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;

namespace PaimonSharp.Storage.Lookup;

/// <summary>A decoded block of a lookup file (layout: <see cref="LookupFileFooter"/>). Immutable; safe for several threads.</summary>
internal sealed class LookupBlock
{
    /// <summary>The bytes before the keys.</summary>
    public const int HeaderBytes = 8;

    private const int MinRowBytes = sizeof(long) + 8;

    private readonly byte[] _bytes;
    private readonly int _count;
    private readonly bool _isExact;
    private readonly int _endsAt;

    /// <summary>Takes over decoded bytes and checks them.</summary>
    /// <param name="bytes">The block.</param>
    /// <param name="count">The rows that the index says it has.</param>
    /// <param name="firstRow">The rows of the file before it.</param>
    /// <param name="isExact">Whether prefixes are whole keys.</param>
    /// <param name="hasRows">Whether rows have values.</param>
    /// <exception cref="CorruptDataException">They are no such block.</exception>
    public LookupBlock(byte[] bytes, long count, long firstRow, bool isExact, bool hasRows)
    {
        _bytes = bytes;
        _isExact = isExact;
        FirstRow = firstRow;
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadInt32LittleEndian(bytes) != count || count < 1)
        {
            CorruptDataException.Throw($"A block of {bytes.Length} bytes does not have the {count} rows that the index says.");
        }

        _count = (int)count;
        var keyBytes = PackedKeys.Check(bytes.AsSpan(HeaderBytes), _count, isExact);
        _endsAt = HeaderBytes + keyBytes;
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)) != keyBytes || (!hasRows && _endsAt != bytes.Length))
        {
            CorruptDataException.Throw($"The keys of a block have {keyBytes} bytes; it says otherwise.");
        }

        if (hasRows)
        {
            CheckRows();
        }
    }

    /// <summary>The bytes it takes.</summary>
    public int SizeBytes => _bytes.Length;

    /// <summary>The rows of the file before it.</summary>
    public long FirstRow { get; }

    /// <summary>True when it has been used since the cache looked last; a lost update does no harm.</summary>
    public bool IsUsed { get; set; }

    private PackedKeys Keys => new(_bytes.AsSpan(HeaderBytes, _endsAt - HeaderBytes), _count, _isExact);

    /// <summary>Finds a key.</summary>
    /// <param name="keys">Keys of the same encoder.</param>
    /// <param name="index">The key looked for.</param>
    /// <returns>Its row in the block, or -1.</returns>
    public int Find(EncodedKeys keys, int index)
    {
        var packed = Keys;
        var row = packed.LowerBound(keys, index);
        return row < _count && packed.Is(row, keys, index) ? row : -1;
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
        var ends = _bytes.AsSpan(_endsAt);
        var start = row == 0 ? 0 : (int)BinaryPrimitives.ReadUInt32LittleEndian(ends[((row - 1) * sizeof(uint))..]);
        var end = (int)BinaryPrimitives.ReadUInt32LittleEndian(ends[(row * sizeof(uint))..]);
        return ends.Slice((_count * sizeof(uint)) + start, end - start);
    }

    private void CheckRows()
    {
        var all = _bytes.Length - _endsAt - ((long)_count * sizeof(uint));
        if (all < 0)
        {
            CorruptDataException.Throw($"A block of {_bytes.Length} bytes has no room for {_count} rows.");
        }

        var start = 0L;
        for (var row = 0; row < _count; row++)
        {
            var end = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(_endsAt + (row * sizeof(uint))));
            if (end > all || end - start < MinRowBytes || (row == _count - 1 && end != all))
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
