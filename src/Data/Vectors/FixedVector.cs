using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>
/// A column of fixed-width values. Which <typeparamref name="T"/> a type uses: TINYINT sbyte; SMALLINT short; INT, DATE (days),
/// TIME (milliseconds of the day) int; BIGINT long; FLOAT float; DOUBLE double; DECIMAL long unscaled up to 18 digits, else
/// <see cref="Int128"/> unscaled; TIMESTAMP and its local-zone form long milliseconds (precision 0-3), long microseconds
/// (4-6) or <see cref="NanoTimestamp"/> (7-9). NULL rows hold the default value.
/// </summary>
/// <typeparam name="T">The width and meaning of a value.</typeparam>
public sealed class FixedVector<T> : ColumnVector, IFixedVector
    where T : unmanaged
{
    private T[] _values = [];
    private int _count;

    /// <summary>Makes an empty vector.</summary>
    /// <param name="type">The column's type; its width must be that of <typeparamref name="T"/>.</param>
    public FixedVector(DataType type)
        : base(type)
    {
    }

    /// <summary>The values of all rows; the default value where a row is NULL.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> ValuesAsBytes => MemoryMarshal.AsBytes(Values);

    private protected override long ValueBytes => (long)_count * Unsafe.SizeOf<T>();

    private protected override long BufferBytes => (long)_values.Length * Unsafe.SizeOf<T>();

    /// <summary>Appends a value.</summary>
    /// <param name="value">Not NULL.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(T value)
    {
        var values = _values;
        var count = _count;
        if ((uint)count >= (uint)values.Length)
        {
            values = Grow(count + 1);
        }

        values[count] = value;
        _count = count + 1;
        AddValid();
    }

    /// <summary>Replaces the value of a row that is not NULL.</summary>
    /// <param name="row">0 to Length - 1.</param>
    /// <param name="value">The new value.</param>
    public void Replace(int row, T value) => _values.AsSpan(0, _count)[row] = value;

    /// <summary>Appends values.</summary>
    /// <param name="values">None of them NULL.</param>
    public void AppendValues(ReadOnlySpan<T> values)
    {
        values.CopyTo(Reserve(values.Length));
        AddValid(values.Length);
    }

    /// <summary>Appends rows and hands out their values to be filled in, none of them NULL.</summary>
    /// <param name="count">How many rows.</param>
    public Span<T> AppendUninitialized(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var span = Reserve(count);
        AddValid(count);
        return span;
    }

    /// <summary>Appends rows, some of them NULL, and hands out their values to be filled in.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    /// <returns>The values; those of NULL rows must be set to the default value.</returns>
    public Span<T> AppendUninitialized(int count, ReadOnlySpan<byte> validity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var span = Reserve(count);
        AddValidity(validity, count);
        return span;
    }

    /// <inheritdoc/>
    public Span<byte> AppendUninitializedBytes(int count, ReadOnlySpan<byte> validity) =>
        MemoryMarshal.AsBytes(AppendUninitialized(count, validity));

    private protected override void AppendDefaultValues(int count) => Reserve(count).Clear();

    private protected override void AppendValues(ColumnVector source, int start, int count) =>
        ((FixedVector<T>)source)._values.AsSpan(start, count).CopyTo(Reserve(count));

    private protected override void GatherValues(ColumnVector source, ReadOnlySpan<int> rows)
    {
        var from = ((FixedVector<T>)source).Values;
        var to = Reserve(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            to[i] = from[rows[i]];
        }
    }

    private protected override void GatherValues(ReadOnlySpan<ColumnVector> sources, ReadOnlySpan<RowReference> rows)
    {
        var arrays = ArrayPool<T[]>.Shared.Rent(sources.Length);
        for (var i = 0; i < sources.Length; i++)
        {
            arrays[i] = ((FixedVector<T>)sources[i])._values;
        }

        var to = Reserve(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            to[i] = arrays[rows[i].Source][rows[i].Row];
        }

        ArrayPool<T[]>.Shared.Return(arrays, clearArray: true);
    }

    private protected override void TruncateValues(int length) => _count = length;

    private protected override void ClearValues() => _count = 0;

    private Span<T> Reserve(int count)
    {
        var needed = checked(_count + count);
        if (needed > _values.Length)
        {
            Grow(needed);
        }

        var span = _values.AsSpan(_count, count);
        _count = needed;
        return span;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T[] Grow(int needed)
    {
        Array.Resize(ref _values, Math.Max(Math.Max(16, needed), (int)Math.Min(int.MaxValue / 2, (long)_values.Length * 2)));
        return _values;
    }
}
