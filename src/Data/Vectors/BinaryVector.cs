using System.Runtime.CompilerServices;
using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>
/// A column of CHAR, VARCHAR (UTF-8), BINARY or VARBINARY: Length + 1 offsets into one byte buffer. NULL rows are empty.
/// A vector holds at most 2 GiB of bytes.
/// </summary>
public sealed class BinaryVector : ColumnVector
{
    private int[] _offsets = [0];
    private byte[] _bytes = [];
    private int _count;

    /// <summary>Makes an empty vector.</summary>
    /// <param name="type">CHAR, VARCHAR, BINARY or VARBINARY.</param>
    public BinaryVector(DataType type)
        : base(type)
    {
    }

    /// <summary>Row i's bytes are those from offset i to offset i + 1.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, _count + 1);

    /// <summary>The bytes of all rows, back to back.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _offsets[_count]);

    private protected override long ValueBytes => ((long)_count * sizeof(int)) + _offsets[_count];

    private protected override long BufferBytes => ((long)_offsets.Length * sizeof(int)) + _bytes.Length;

    /// <summary>The bytes of a row, empty where it is NULL.</summary>
    /// <param name="row">0 to Length - 1.</param>
    public ReadOnlySpan<byte> this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var start = _offsets[row];
            return _bytes.AsSpan(start, _offsets[row + 1] - start);
        }
    }

    /// <summary>Appends a value.</summary>
    /// <param name="value">Its bytes; UTF-8 for CHAR and VARCHAR.</param>
    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(AppendUninitialized(value.Length));
    }

    /// <summary>Appends a text as UTF-8.</summary>
    /// <param name="value">The text.</param>
    public void Append(ReadOnlySpan<char> value) =>
        Encoding.UTF8.GetBytes(value, AppendUninitialized(Encoding.UTF8.GetByteCount(value)));

    /// <summary>Appends a row and hands out its bytes to be filled in.</summary>
    /// <param name="lengthBytes">The row's length.</param>
    public Span<byte> AppendUninitialized(int lengthBytes)
    {
        var span = ReserveBytes(lengthBytes);
        AppendOffset(_offsets[_count] + lengthBytes);
        AddValid();
        return span;
    }

    /// <summary>Appends rows and hands out their bytes, back to back, to be filled in.</summary>
    /// <param name="lengths">Each row's length, 0 where it is NULL.</param>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    public Span<byte> AppendUninitialized(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> validity = default)
    {
        var total = 0L;
        foreach (var length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(lengths));
            total += length;
        }

        var span = ReserveBytes(total);
        EnsureOffsets(lengths.Length);
        var offset = _offsets[_count];
        var offsets = _offsets.AsSpan(_count + 1, lengths.Length);
        for (var i = 0; i < lengths.Length; i++)
        {
            offset += lengths[i];
            offsets[i] = offset;
        }

        _count += lengths.Length;
        AddValidity(validity, lengths.Length);
        return span;
    }

    private protected override void AppendDefaultValues(int count)
    {
        for (var i = 0; i < count; i++)
        {
            AppendOffset(_offsets[_count]);
        }
    }

    private protected override void AppendValues(ColumnVector source, int start, int count)
    {
        var from = (BinaryVector)source;
        var sourceStart = from._offsets[start];
        var lengthBytes = from._offsets[start + count] - sourceStart;
        from._bytes.AsSpan(sourceStart, lengthBytes).CopyTo(ReserveBytes(lengthBytes));
        EnsureOffsets(count);
        var delta = _offsets[_count] - sourceStart;
        for (var i = 1; i <= count; i++)
        {
            _offsets[_count + i] = from._offsets[start + i] + delta;
        }

        _count += count;
    }

    private protected override void GatherValues(ColumnVector source, ReadOnlySpan<int> rows)
    {
        var from = (BinaryVector)source;
        EnsureOffsets(rows.Length);
        foreach (var row in rows)
        {
            AppendCopy(from, row);
        }
    }

    private protected override void GatherValues(ReadOnlySpan<ColumnVector> sources, ReadOnlySpan<RowReference> rows)
    {
        EnsureOffsets(rows.Length);
        foreach (var row in rows)
        {
            AppendCopy((BinaryVector)sources[row.Source], row.Row);
        }
    }

    private protected override void TruncateValues(int length) => _count = length;

    private protected override void ClearValues() => _count = 0;

    private void AppendCopy(BinaryVector from, int row)
    {
        var value = from[row];
        value.CopyTo(ReserveBytes(value.Length));
        AppendOffset(_offsets[_count] + value.Length);
    }

    private void AppendOffset(int offset)
    {
        if (_count + 1 >= _offsets.Length)
        {
            EnsureOffsets(1);
        }

        _offsets[++_count] = offset;
    }

    private void EnsureOffsets(int more)
    {
        var needed = checked(_count + 1 + more);
        if (needed > _offsets.Length)
        {
            Array.Resize(ref _offsets, Math.Max(Math.Max(17, needed), (int)Math.Min(int.MaxValue / 2, (long)_offsets.Length * 2)));
        }
    }

    private Span<byte> ReserveBytes(long lengthBytes)
    {
        var used = _offsets[_count];
        var needed = used + lengthBytes;
        if (needed > _bytes.Length)
        {
            GrowBytes(needed);
        }

        return _bytes.AsSpan(used, (int)lengthBytes);
    }

    private void GrowBytes(long needed)
    {
        if (needed > Array.MaxLength)
        {
            PaimonException.ThrowInvalid(
                $"A column vector of {Type} would hold {needed} bytes; one batch holds at most {Array.MaxLength}.");
        }

        Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(Math.Max(256, needed), (long)_bytes.Length * 2)));
    }
}
