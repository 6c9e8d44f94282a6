using System.Diagnostics;
using System.Numerics;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>
/// One column of a batch in Arrow's memory layout: a validity bitmap (bit set = not NULL, least significant bit first, absent
/// while nothing is NULL) and the values of the subclass. Append-only and reusable: <see cref="Clear"/> keeps the buffers.
/// One thread appends at a time; readers must not overlap with an append. Spans handed out are valid until the next append.
/// </summary>
public abstract class ColumnVector
{
    private byte[] _validity = [];
    private bool _hasValidity;

    private protected ColumnVector(DataType type) => Type = type;

    /// <summary>The column's type.</summary>
    public DataType Type { get; }

    /// <summary>The number of rows.</summary>
    public int Length { get; private set; }

    /// <summary>The number of NULL rows.</summary>
    public int NullCount { get; private set; }

    /// <summary>The validity bitmap, empty when no row is NULL.</summary>
    public ReadOnlySpan<byte> Validity => _hasValidity ? _validity.AsSpan(0, (Length + 7) >> 3) : default;

    /// <summary>Bytes of the values and the bitmap now in use (not the capacity).</summary>
    public long SizeBytes => ValueBytes + (_hasValidity ? (Length + 7) >> 3 : 0);

    /// <summary>Bytes of the buffers, used or not: what the vector keeps from others.</summary>
    public long CapacityBytes => BufferBytes + _validity.Length;

    private protected abstract long ValueBytes { get; }

    private protected abstract long BufferBytes { get; }

    /// <summary>Makes the empty vector for a type.</summary>
    /// <param name="type">A column's type.</param>
    /// <exception cref="Errors.PaimonException">The type is one that is only known by name (VARIANT, BLOB, VECTOR).</exception>
    public static ColumnVector Create(DataType type) => VectorFactory.Create(type);

    /// <summary>True when the row is NULL.</summary>
    /// <param name="row">0 to <see cref="Length"/> - 1.</param>
    public bool IsNull(int row)
    {
        Debug.Assert((uint)row < (uint)Length, "row outside the vector");
        return _hasValidity && (_validity[row >> 3] & (1 << (row & 7))) == 0;
    }

    /// <summary>Appends a NULL row.</summary>
    public void AppendNull()
    {
        AppendDefaultValues(1);
        AddInvalid(1);
    }

    /// <summary>Appends NULL rows.</summary>
    /// <param name="count">How many.</param>
    public void AppendNulls(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > 0)
        {
            AppendDefaultValues(count);
            AddInvalid(count);
        }
    }

    /// <summary>Appends a range of rows of a vector of the same type.</summary>
    /// <param name="source">The vector to copy from, not this one.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    public void AppendRange(ColumnVector source, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        Debug.Assert(start >= 0 && count >= 0 && start + count <= source.Length, "range outside the source");
        AppendValues(source, start, count);
        AddValidity(source, start, count);
    }

    /// <summary>Appends single rows of a vector of the same type, in the order given.</summary>
    /// <param name="source">The vector to copy from, not this one.</param>
    /// <param name="rows">Rows of <paramref name="source"/>; repeats are allowed.</param>
    public void AppendGather(ColumnVector source, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(source);
        GatherValues(source, rows);
        if (!source._hasValidity)
        {
            AddValid(rows.Length);
            return;
        }

        var validity = source._validity;
        foreach (var row in rows)
        {
            AddBit((validity[row >> 3] & (1 << (row & 7))) != 0);
        }
    }

    /// <summary>Appends single rows of several vectors of the same type, in the order given: the gather of a merge plan.</summary>
    /// <param name="sources">The vectors to copy from.</param>
    /// <param name="rows">Where each row comes from.</param>
    public void AppendGather(ReadOnlySpan<ColumnVector> sources, ReadOnlySpan<RowReference> rows)
    {
        GatherValues(sources, rows);
        var anyNull = false;
        foreach (var source in sources)
        {
            anyNull |= source._hasValidity;
        }

        if (!anyNull)
        {
            AddValid(rows.Length);
            return;
        }

        foreach (var row in rows)
        {
            AddBit(!sources[row.Source].IsNull(row.Row));
        }
    }

    /// <summary>Removes all rows and keeps the buffers for reuse.</summary>
    public void Clear()
    {
        Length = 0;
        NullCount = 0;
        _hasValidity = false;
        ClearValues();
    }

    /// <summary>Keeps the first rows and removes the rest: how a half-decoded row is taken back.</summary>
    /// <param name="length">The rows to keep, at most <see cref="Length"/>.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        TruncateValues(length);
        Length = length;
        if (_hasValidity)
        {
            var valid = CountValid(_validity, length);
            NullCount = length - valid;
            _hasValidity = NullCount > 0;
        }
    }

    /// <summary>Called by subclasses after they appended one value that is not NULL.</summary>
    private protected void AddValid()
    {
        if (_hasValidity)
        {
            AddBit(true);
        }
        else
        {
            Length++;
        }
    }

    /// <summary>Called by subclasses after they appended values that are not NULL.</summary>
    private protected void AddValid(int count)
    {
        if (!_hasValidity)
        {
            Length += count;
            return;
        }

        EnsureValidity(Length + count);
        SetBits(_validity, Length, count);
        Length += count;
    }

    /// <summary>Called by subclasses after they appended values of which some are NULL.</summary>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    /// <param name="count">How many rows.</param>
    private protected void AddValidity(ReadOnlySpan<byte> validity, int count)
    {
        if (validity.IsEmpty)
        {
            AddValid(count);
            return;
        }

        var valid = CountValid(validity, count);
        if (valid == count)
        {
            AddValid(count);
            return;
        }

        StartValidity(count);
        CopyBits(validity, 0, _validity, Length, count);
        Length += count;
        NullCount += count - valid;
    }

    /// <summary>Copies bits to a place that may begin in the middle of a byte; returns how many were set.</summary>
    private protected static int CopyBits(ReadOnlySpan<byte> from, int fromStart, Span<byte> to, int toStart, int count)
    {
        var set = 0;
        while (count > 0)
        {
            var take = Math.Min(count, 8 - (toStart & 7));
            var source = fromStart >> 3;
            var shift = fromStart & 7;
            var bits = from[source] >> shift;
            if (shift + take > 8)
            {
                bits |= from[source + 1] << (8 - shift);
            }

            var mask = ((1 << take) - 1) << (toStart & 7);
            ref var target = ref to[toStart >> 3];
            var placed = (bits << (toStart & 7)) & mask;
            target = (byte)((target & ~mask) | placed);
            set += BitOperations.PopCount((uint)placed);
            fromStart += take;
            toStart += take;
            count -= take;
        }

        return set;
    }

    private protected abstract void AppendDefaultValues(int count);

    private protected abstract void AppendValues(ColumnVector source, int start, int count);

    private protected abstract void GatherValues(ColumnVector source, ReadOnlySpan<int> rows);

    private protected abstract void GatherValues(ReadOnlySpan<ColumnVector> sources, ReadOnlySpan<RowReference> rows);

    private protected abstract void TruncateValues(int length);

    private protected abstract void ClearValues();

    private void AddInvalid(int count)
    {
        StartValidity(count);
        ClearBits(_validity, Length, count);
        Length += count;
        NullCount += count;
    }

    private void AddValidity(ColumnVector source, int start, int count)
    {
        if (!source._hasValidity)
        {
            AddValid(count);
            return;
        }

        StartValidity(count);
        var valid = CopyBits(source._validity, start, _validity, Length, count);
        Length += count;
        NullCount += count - valid;
        _hasValidity = NullCount > 0;
    }

    private void AddBit(bool valid)
    {
        if (!valid)
        {
            AddInvalid(1);
            return;
        }

        if (_hasValidity)
        {
            EnsureValidity(Length + 1);
            _validity[Length >> 3] |= (byte)(1 << (Length & 7));
        }

        Length++;
    }

    private void StartValidity(int more)
    {
        EnsureValidity(Length + more);
        if (!_hasValidity)
        {
            _hasValidity = true;
            SetBits(_validity, 0, Length);
        }
    }

    private void EnsureValidity(int rows)
    {
        var bytes = (rows + 7) >> 3;
        if (_validity.Length < bytes)
        {
            Array.Resize(ref _validity, Math.Max(Math.Max(64, bytes), _validity.Length * 2));
        }
    }

    private static void SetBits(byte[] bits, int start, int count)
    {
        var end = start + count;
        while (start < end && (start & 7) != 0)
        {
            bits[start >> 3] |= (byte)(1 << (start & 7));
            start++;
        }

        var wholeBytes = (end - start) >> 3;
        if (wholeBytes > 0)
        {
            bits.AsSpan(start >> 3, wholeBytes).Fill(0xFF);
            start += wholeBytes << 3;
        }

        for (; start < end; start++)
        {
            bits[start >> 3] |= (byte)(1 << (start & 7));
        }
    }

    private static void ClearBits(byte[] bits, int start, int count)
    {
        for (var row = start; row < start + count; row++)
        {
            bits[row >> 3] &= (byte)~(1 << (row & 7));
        }
    }

    private static int CountValid(ReadOnlySpan<byte> bits, int rows)
    {
        var valid = 0;
        for (var i = 0; i < rows >> 3; i++)
        {
            valid += BitOperations.PopCount(bits[i]);
        }

        if ((rows & 7) != 0)
        {
            valid += BitOperations.PopCount((uint)(bits[rows >> 3] & ((1 << (rows & 7)) - 1)));
        }

        return valid;
    }
}
