using System.Buffers.Binary;
using System.Text;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>Writes Avro's binary encoding into a growing buffer; see <see cref="AvroDecoder"/>. For one thread.</summary>
internal sealed class AvroEncoder
{
    private const int MaxVarintBytes = 10;
    private byte[] _buffer = new byte[4096];

    /// <summary>The bytes written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>What was written, valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>What was written, valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear() => Length = 0;

    public void WriteLong(long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        var span = Reserve(MaxVarintBytes);
        var count = 0;
        while (zigzag >= 0x80)
        {
            span[count++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        span[count++] = (byte)zigzag;
        Length += count;
    }

    public void WriteBoolean(bool value)
    {
        Reserve(1)[0] = value ? (byte)1 : (byte)0;
        Length++;
    }

    public void WriteFloat(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(Reserve(sizeof(float)), value);
        Length += sizeof(float);
    }

    public void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(sizeof(double)), value);
        Length += sizeof(double);
    }

    /// <summary>Writes a bytes or string value: the length, then the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLong(value.Length);
        WriteRaw(value);
    }

    public void WriteString(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteLong(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        Length += length;
    }

    /// <summary>Writes bytes without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Length += value.Length;
    }

    /// <summary>Writes the branch of a union of null and a value.</summary>
    /// <returns>True when the value follows.</returns>
    public bool WriteBranch(bool hasValue)
    {
        WriteLong(hasValue ? 1 : 0);
        return hasValue;
    }

    public void WriteOptional(long? value)
    {
        if (WriteBranch(value is not null))
        {
            WriteLong(value!.Value);
        }
    }

    public void WriteOptional(string? value)
    {
        if (WriteBranch(value is not null))
        {
            WriteString(value!);
        }
    }

    public void WriteStrings(IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            WriteLong(values.Count);
            foreach (var value in values)
            {
                WriteString(value);
            }
        }

        WriteLong(0);
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            var needed = checked(Length + bytes);
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _buffer.Length)));
        }

        return _buffer.AsSpan(Length);
    }
}
