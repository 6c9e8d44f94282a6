using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>A column of BOOLEAN: one bit a row, least significant bit first. NULL rows hold false.</summary>
public sealed class BooleanVector : ColumnVector
{
    private byte[] _bits = [];
    private int _count;

    /// <summary>Makes an empty vector.</summary>
    /// <param name="type">BOOLEAN, nullable or not.</param>
    public BooleanVector(DataType type)
        : base(type)
    {
    }

    /// <summary>The bits of all rows.</summary>
    public ReadOnlySpan<byte> Bits => _bits.AsSpan(0, (_count + 7) >> 3);

    private protected override long ValueBytes => (_count + 7) >> 3;

    private protected override long BufferBytes => _bits.Length;

    /// <summary>The value of a row, false where it is NULL.</summary>
    /// <param name="row">0 to Length - 1.</param>
    public bool this[int row] => (_bits[row >> 3] & (1 << (row & 7))) != 0;

    /// <summary>Appends a value.</summary>
    /// <param name="value">Not NULL.</param>
    public void Append(bool value)
    {
        AppendBit(value);
        AddValid();
    }

    /// <summary>Appends rows, some of them perhaps NULL.</summary>
    /// <param name="bits">A bit a row from bit 0 on; false where a row is NULL.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    public void AppendBits(ReadOnlySpan<byte> bits, int count, ReadOnlySpan<byte> validity = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        CopyFrom(bits, 0, count);
        AddValidity(validity, count);
    }

    private protected override void AppendDefaultValues(int count)
    {
        for (var i = 0; i < count; i++)
        {
            AppendBit(false);
        }
    }

    private protected override void AppendValues(ColumnVector source, int start, int count)
    {
        CopyFrom(((BooleanVector)source)._bits, start, count);
    }

    private protected override void GatherValues(ColumnVector source, ReadOnlySpan<int> rows)
    {
        var from = (BooleanVector)source;
        foreach (var row in rows)
        {
            AppendBit(from[row]);
        }
    }

    private protected override void GatherValues(ReadOnlySpan<ColumnVector> sources, ReadOnlySpan<RowReference> rows)
    {
        foreach (var row in rows)
        {
            AppendBit(((BooleanVector)sources[row.Source])[row.Row]);
        }
    }

    private protected override void TruncateValues(int length) => _count = length;

    private protected override void ClearValues() => _count = 0;

    private void CopyFrom(ReadOnlySpan<byte> bits, int start, int count)
    {
        var bytes = checked(_count + count + 7) >> 3;
        if (bytes > _bits.Length)
        {
            Array.Resize(ref _bits, Math.Max(Math.Max(64, bytes), _bits.Length * 2));
        }

        CopyBits(bits, start, _bits, _count, count);
        _count += count;
    }

    private void AppendBit(bool value)
    {
        var index = _count >> 3;
        if (index >= _bits.Length)
        {
            Array.Resize(ref _bits, Math.Max(64, _bits.Length * 2));
        }

        var mask = (byte)(1 << (_count & 7));
        _bits[index] = value ? (byte)(_bits[index] | mask) : (byte)(_bits[index] & ~mask);
        _count++;
    }
}
