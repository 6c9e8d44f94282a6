using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Binlog.Decoders;

/// <summary>Reads one value of a fixed-width column; a struct, so that the loop around it is compiled for it.</summary>
internal interface IValueReader<T>
    where T : unmanaged
{
    /// <summary>The value at an offset of the rows.</summary>
    T Read(ReadOnlySpan<byte> rows, int offset);
}

/// <summary>Reads one value that may have no counterpart (a zero date) and then is NULL.</summary>
internal interface IOptionalReader<T>
    where T : unmanaged
{
    /// <summary>The value at an offset of the rows; false for NULL.</summary>
    bool TryRead(ReadOnlySpan<byte> rows, int offset, out T value);
}

/// <summary>A column whose every value has a counterpart.</summary>
internal sealed class FixedDecoder<T, TReader>(TReader reader) : ColumnDecoder
    where T : unmanaged
    where TReader : struct, IValueReader<T>
{
    private readonly TReader _reader = reader;

    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var vector = (FixedVector<T>)target;
        var reader = _reader;
        if (!hasNull)
        {
            var values = vector.AppendUninitialized(offsets.Length);
            for (var i = 0; i < offsets.Length && i < values.Length; i++)
            {
                values[i] = reader.Read(rows, offsets[i]);
            }

            return;
        }

        foreach (var offset in offsets)
        {
            if (offset < 0)
            {
                AppendNull(target);
            }
            else
            {
                vector.Append(reader.Read(rows, offset));
            }
        }
    }
}

/// <summary>A column of dates or times.</summary>
internal sealed class OptionalDecoder<T, TReader>(TReader reader) : ColumnDecoder
    where T : unmanaged
    where TReader : struct, IOptionalReader<T>
{
    private readonly TReader _reader = reader;

    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var vector = (FixedVector<T>)target;
        var reader = _reader;
        foreach (var offset in offsets)
        {
            if (offset >= 0 && reader.TryRead(rows, offset, out var value))
            {
                vector.Append(value);
            }
            else
            {
                AppendNull(target);
            }
        }
    }
}
