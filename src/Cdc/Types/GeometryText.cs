using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Types;

/// <summary>
/// A geometry (SRID u32, then well-known binary) as the JSON text that Paimon's CDC writes:
/// <c>{"coordinates":[1,2],"type":"Point","srid":0}</c>, with <c>geometries</c> for collections.
/// </summary>
internal static class GeometryText
{
    private const int MaxDepth = 32;

    private static readonly string[] Names =
    [
        "Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection",
    ];

    /// <summary>Appends the text of a value.</summary>
    /// <exception cref="CorruptDataException">The bytes are no geometry.</exception>
    public static void Write(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        var reader = new ByteReader(value);
        var srid = reader.UInt32();
        var text = new StringBuilder();
        WriteShape(ref reader, text, srid, 0);
        if (reader.Remaining > 0)
        {
            CorruptDataException.Throw($"{reader.Remaining} bytes follow a geometry.");
        }

        Encoding.UTF8.GetBytes(text.ToString(), output);
    }

    private static void WriteShape(ref ByteReader reader, StringBuilder text, uint? srid, int depth)
    {
        var type = ReadHeader(ref reader, depth);
        text.Append('{');
        if (type == 7)
        {
            text.Append("\"geometries\":[");
            var count = reader.UInt32();
            for (uint i = 0; i < count; i++)
            {
                text.Append(i > 0 ? "," : null);
                WriteShape(ref reader, text, null, depth + 1);
            }

            text.Append(']');
        }
        else
        {
            text.Append("\"coordinates\":");
            WriteCoordinates(ref reader, type, text, depth);
        }

        text.Append(",\"type\":\"").Append(Names[type]).Append('"');
        if (srid is not null)
        {
            text.Append(",\"srid\":").Append(srid.Value);
        }

        text.Append('}');
    }

    private static uint ReadHeader(ref ByteReader reader, int depth)
    {
        var order = reader.Byte();
        var type = reader.UInt32();
        if (order != 1 || type is < 1 or > 7 || depth > MaxDepth)
        {
            CorruptDataException.Throw($"A geometry of byte order {order}, type {type} and depth {depth} cannot be.");
        }

        return type;
    }

    private static void WriteCoordinates(ref ByteReader reader, uint type, StringBuilder text, int depth)
    {
        if (type == 1)
        {
            WritePoint(ref reader, text);
            return;
        }

        text.Append('[');
        var count = reader.UInt32();
        for (uint i = 0; i < count; i++)
        {
            text.Append(i > 0 ? "," : null);
            switch (type)
            {
                case 2:
                    WritePoint(ref reader, text);
                    break;
                case 3:
                    WriteCoordinates(ref reader, 2, text, depth);
                    break;
                default:
                    WriteCoordinates(ref reader, ReadHeader(ref reader, depth + 1), text, depth + 1);
                    break;
            }
        }

        text.Append(']');
    }

    private static void WritePoint(ref ByteReader reader, StringBuilder text)
    {
        var x = BinaryPrimitives.ReadDoubleLittleEndian(reader.Take(8));
        var y = BinaryPrimitives.ReadDoubleLittleEndian(reader.Take(8));
        text.Append('[').Append(ServerNumber.Double(x)).Append(',').Append(ServerNumber.Double(y)).Append(']');
    }
}
