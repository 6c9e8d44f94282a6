using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// Reads Avro's binary encoding: integers as zigzag varints, least significant group first; texts and bytes with their length
/// before them; floats little-endian. Every length is compared with what is left before it is used.
/// </summary>
internal ref struct AvroDecoder
{
    private readonly ReadOnlySpan<byte> _bytes;

    public AvroDecoder(ReadOnlySpan<byte> bytes, int position = 0)
    {
        _bytes = bytes;
        Position = position;
    }

    /// <summary>The next byte to be read.</summary>
    public int Position { get; private set; }

    /// <summary>True when all bytes were read.</summary>
    public readonly bool IsAtEnd => Position == _bytes.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        if (Position < _bytes.Length && _bytes[Position] < 0x80)
        {
            var single = _bytes[Position++];
            return (single >> 1) ^ -(single & 1);
        }

        return ReadLongVarint();
    }

    public int ReadInt()
    {
        var value = ReadLong();
        if (value != (int)value)
        {
            Fail($"{value} does not fit an int");
        }

        return (int)value;
    }

    public bool ReadBoolean()
    {
        var value = Take(1)[0];
        if (value > 1)
        {
            Fail($"a boolean is 0 or 1, not {value}");
        }

        return value == 1;
    }

    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>The bytes of a bytes or string value, valid as long as the buffer.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadLong();
        if (length < 0 || length > _bytes.Length - Position)
        {
            Fail($"a length of {length} bytes, with {_bytes.Length - Position} left");
        }

        return Take((int)length);
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    public ReadOnlySpan<byte> ReadFixed(int length) => Take(length);

    /// <summary>
    /// The number of items in the next block of an array or map, 0 at its end. An item takes at least a byte, save a null:
    /// a number beyond the bytes that are left is refused.
    /// </summary>
    public int ReadBlockCount()
    {
        var count = ReadLong();
        if (count < 0)
        {
            count = -count;
            ReadLong();
        }

        if (count < 0 || count > _bytes.Length - Position)
        {
            Fail($"a block of {count} items in {_bytes.Length - Position} bytes");
        }

        return (int)count;
    }

    /// <summary>The schema of the value that follows: the schema itself, or the branch of a union that the bytes choose.</summary>
    public AvroSchema ReadBranch(AvroSchema schema)
    {
        if (schema is not AvroUnion union)
        {
            return schema;
        }

        var branch = ReadLong();
        if ((ulong)branch >= (ulong)union.Branches.Count)
        {
            Fail($"branch {branch} of a union of {union.Branches.Count}");
        }

        return union.Branches[(int)branch];
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(AvroSchema schema) => Skip(schema, 0);

    private void Skip(AvroSchema schema, int depth)
    {
        if (depth > AvroSchema.MaxDepth)
        {
            Fail($"values nest more than {AvroSchema.MaxDepth} deep");
        }

        schema = ReadBranch(schema);
        switch (schema.Kind)
        {
            case AvroKind.Null:
                break;
            case AvroKind.Boolean:
                Take(1);
                break;
            case AvroKind.Int or AvroKind.Long or AvroKind.Enum:
                ReadLong();
                break;
            case AvroKind.Float:
                Take(sizeof(float));
                break;
            case AvroKind.Double:
                Take(sizeof(double));
                break;
            case AvroKind.Bytes or AvroKind.String:
                ReadBytes();
                break;
            case AvroKind.Fixed:
                Take(((AvroFixed)schema).SizeBytes);
                break;
            case AvroKind.Record:
                foreach (var field in ((AvroRecord)schema).Fields)
                {
                    Skip(field.Schema, depth + 1);
                }

                break;
            case AvroKind.Array or AvroKind.Map:
                SkipItems((AvroCollection)schema, depth);
                break;
            default:
                Fail($"{schema.Describe()} inside a union");
                break;
        }
    }

    private void SkipItems(AvroCollection schema, int depth)
    {
        for (var count = ReadBlockCount(); count > 0; count = ReadBlockCount())
        {
            for (var i = 0; i < count; i++)
            {
                if (schema.Kind == AvroKind.Map)
                {
                    ReadBytes();
                }

                Skip(schema.Items, depth + 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ReadLongVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (Position >= _bytes.Length)
            {
                Fail("the bytes end inside a number");
            }

            var next = _bytes[Position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        Fail("a number of more than 10 bytes");
        return 0;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - Position)
        {
            Fail($"{length} bytes wanted, {_bytes.Length - Position} left");
        }

        var span = _bytes.Slice(Position, length);
        Position += length;
        return span;
    }

    private readonly void Fail(string message) => CorruptDataException.Throw($"Avro: {message}.", Position);
}
