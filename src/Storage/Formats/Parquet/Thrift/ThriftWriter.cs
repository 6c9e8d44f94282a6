using System.Buffers;
using System.Text;

namespace PaimonSharp.Storage.Formats.Parquet.Thrift;

/// <summary>Writes Thrift's compact protocol; see <see cref="ThriftReader"/> for its shape. Fields must be in order of id.</summary>
internal sealed class ThriftWriter
{
    private readonly ArrayBufferWriter<byte> _output = new(256);
    private readonly Stack<short> _outerIds = new();
    private short _lastId;

    public ReadOnlyMemory<byte> WrittenMemory => _output.WrittenMemory;

    public void Clear() => _output.ResetWrittenCount();

    /// <summary>Begins the outermost struct or an element of a list of structs.</summary>
    public void BeginStruct()
    {
        _outerIds.Push(_lastId);
        _lastId = 0;
    }

    public void BeginStruct(short id)
    {
        FieldHeader(id, ThriftType.Struct);
        BeginStruct();
    }

    public void EndStruct()
    {
        WriteByte(0);
        _lastId = _outerIds.Pop();
    }

    public void EmptyStruct(short id)
    {
        BeginStruct(id);
        EndStruct();
    }

    public void Field(short id, bool value) => FieldHeader(id, value ? ThriftType.True : ThriftType.False);

    public void Field(short id, sbyte value)
    {
        FieldHeader(id, ThriftType.Byte);
        WriteByte((byte)value);
    }

    public void Field(short id, int value)
    {
        FieldHeader(id, ThriftType.Int32);
        WriteInt64(value);
    }

    public void Field(short id, long value)
    {
        FieldHeader(id, ThriftType.Int64);
        WriteInt64(value);
    }

    public void Field(short id, string value) => Field(id, Encoding.UTF8.GetBytes(value));

    public void Field(short id, ReadOnlySpan<byte> value)
    {
        FieldHeader(id, ThriftType.Binary);
        WriteBinary(value);
    }

    public void ListHeader(short id, ThriftType elementType, int size)
    {
        FieldHeader(id, ThriftType.List);
        if (size < 15)
        {
            WriteByte((byte)((size << 4) | (byte)elementType));
            return;
        }

        WriteByte((byte)(0xF0 | (byte)elementType));
        WriteVarint((ulong)size);
    }

    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        WriteVarint((ulong)value.Length);
        _output.Write(value);
    }

    public void WriteInt64(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes a boolean that is an element of a list.</summary>
    public void WriteBool(bool value) => WriteByte((byte)(value ? ThriftType.True : ThriftType.False));

    private void FieldHeader(short id, ThriftType type)
    {
        var delta = id - _lastId;
        if (delta is > 0 and <= 15)
        {
            WriteByte((byte)((delta << 4) | (byte)type));
        }
        else
        {
            WriteByte((byte)type);
            WriteInt64(id);
        }

        _lastId = id;
    }

    private void WriteVarint(ulong value)
    {
        var span = _output.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _output.Advance(length);
    }

    private void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }
}
