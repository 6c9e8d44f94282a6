using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Parquet.Thrift;

/// <summary>
/// Reads Thrift's compact protocol from bytes. Every length is checked against the bytes that are left, and nesting is
/// limited, so that no input makes it read outside its bytes, allocate more than they could describe, or recurse deeply.
/// <code>
/// field  = (id delta &lt;&lt; 4 | type)  or  (type, zigzag id)      struct = field* 00
/// list   = (size &lt;&lt; 4 | type)      or  (F0 | type, varint size)
/// binary = varint size, bytes              integer = zigzag varint
/// </code>
/// </summary>
internal ref struct ThriftReader
{
    private const int MaxDepth = 24;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _depth;

    public ThriftReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bytes read until now.</summary>
    public int Position { get; private set; }

    private readonly int Remaining => _bytes.Length - Position;

    /// <summary>Begins a struct; its first field's id is counted from the value returned.</summary>
    public short EnterStruct()
    {
        if (++_depth > MaxDepth)
        {
            CorruptDataException.Throw($"Structures are nested deeper than {MaxDepth} levels.", Position);
        }

        return 0;
    }

    /// <summary>Reads a field's header; false at the end of the struct.</summary>
    public bool NextField(ref short id, out ThriftType type)
    {
        var header = ReadByte();
        type = (ThriftType)(header & 0x0F);
        if (type == ThriftType.Stop)
        {
            _depth--;
            return false;
        }

        var delta = header >> 4;
        id = delta == 0 ? checked((short)Math.Clamp(ReadInt64(), short.MinValue, short.MaxValue)) : (short)(id + delta);
        if (type > ThriftType.Struct)
        {
            CorruptDataException.Throw($"A field has the unknown type {(int)type}.", Position);
        }

        return true;
    }

    /// <summary>Reads a list's header. The size never exceeds the bytes left.</summary>
    public int ReadListHeader(out ThriftType elementType)
    {
        var header = ReadByte();
        elementType = (ThriftType)(header & 0x0F);
        var size = header >> 4 == 15 ? ReadVarint() : (ulong)(header >> 4);
        if (size > (ulong)Remaining)
        {
            CorruptDataException.Throw($"A list claims {size} elements in {Remaining} bytes.", Position);
        }

        return (int)size;
    }

    public static bool ReadBool(ThriftType fieldType) => fieldType == ThriftType.True;

    public int ReadInt32()
    {
        var value = ReadInt64();
        if (value is < int.MinValue or > int.MaxValue)
        {
            CorruptDataException.Throw($"{value} is outside the range of a 32-bit integer.", Position);
        }

        return (int)value;
    }

    public long ReadInt64()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public byte ReadByte()
    {
        if (Remaining < 1)
        {
            CorruptDataException.Throw("The structure ends too early.", Position);
        }

        return _bytes[Position++];
    }

    public ReadOnlySpan<byte> ReadBinary()
    {
        var size = ReadVarint();
        if (size > (ulong)Remaining)
        {
            CorruptDataException.Throw($"A value claims {size} bytes where {Remaining} are left.", Position);
        }

        var value = _bytes.Slice(Position, (int)size);
        Position += (int)size;
        return value;
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBinary());

    /// <summary>Passes over a value of a field or, where <paramref name="inList"/>, of a list.</summary>
    public void Skip(ThriftType type, bool inList = false)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                Advance(inList ? 1 : 0);
                break;
            case ThriftType.Byte:
                Advance(1);
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                ReadVarint();
                break;
            case ThriftType.Double:
                Advance(8);
                break;
            case ThriftType.Binary:
                ReadBinary();
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList();
                break;
            case ThriftType.Map:
                SkipMap();
                break;
            case ThriftType.Struct:
                SkipStruct();
                break;
            default:
                CorruptDataException.Throw($"A value has the unknown type {(int)type}.", Position);
                break;
        }
    }

    private void SkipStruct()
    {
        var id = EnterStruct();
        while (NextField(ref id, out var type))
        {
            Skip(type);
        }
    }

    private void SkipList()
    {
        EnterStruct();
        var size = ReadListHeader(out var type);
        for (var i = 0; i < size; i++)
        {
            Skip(type, inList: true);
        }

        _depth--;
    }

    private void SkipMap()
    {
        EnterStruct();
        var size = ReadVarint();
        if (size > (ulong)Remaining)
        {
            CorruptDataException.Throw($"A map claims {size} entries in {Remaining} bytes.", Position);
        }

        var types = size == 0 ? (byte)0 : ReadByte();
        for (var i = 0UL; i < size; i++)
        {
            Skip((ThriftType)(types >> 4), inList: true);
            Skip((ThriftType)(types & 0x0F), inList: true);
        }

        _depth--;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        CorruptDataException.Throw("A variable-length integer has more than ten bytes.", Position);
        return 0;
    }

    private void Advance(int bytes)
    {
        if (bytes > Remaining)
        {
            CorruptDataException.Throw("The structure ends too early.", Position);
        }

        Position += bytes;
    }
}
