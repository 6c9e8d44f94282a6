using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// Reads single values whose schema another writer chose: every one may be a union with null, numbers may be int or long.
/// Null stands for Avro's null.
/// </summary>
internal static class AvroValues
{
    public static long? ReadOptionalLong(this ref AvroDecoder decoder, AvroSchema schema)
    {
        var branch = decoder.ReadBranch(schema);
        return branch.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.Int or AvroKind.Long => decoder.ReadLong(),
            _ => throw Unexpected("a number", branch),
        };
    }

    public static string? ReadOptionalString(this ref AvroDecoder decoder, AvroSchema schema)
    {
        var branch = decoder.ReadBranch(schema);
        return branch.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.String => decoder.ReadString(),
            _ => throw Unexpected("a string", branch),
        };
    }

    public static byte[]? ReadOptionalBytes(this ref AvroDecoder decoder, AvroSchema schema)
    {
        var branch = decoder.ReadBranch(schema);
        return branch.Kind switch
        {
            AvroKind.Null => null,
            AvroKind.Bytes => decoder.ReadBytes().ToArray(),
            _ => throw Unexpected("bytes", branch),
        };
    }

    public static List<string>? ReadOptionalStrings(this ref AvroDecoder decoder, AvroSchema schema)
    {
        var branch = decoder.ReadBranch(schema);
        if (branch.Kind == AvroKind.Null)
        {
            return null;
        }

        var items = Items(branch);
        var list = new List<string>();
        for (var count = decoder.ReadBlockCount(); count > 0; count = decoder.ReadBlockCount())
        {
            for (var i = 0; i < count; i++)
            {
                list.Add(decoder.ReadOptionalString(items)
                    ?? throw new CorruptDataException("Avro: null stands in a list of names."));
            }
        }

        return list;
    }

    public static List<long?>? ReadOptionalLongs(this ref AvroDecoder decoder, AvroSchema schema)
    {
        var branch = decoder.ReadBranch(schema);
        if (branch.Kind == AvroKind.Null)
        {
            return null;
        }

        var items = Items(branch);
        var list = new List<long?>();
        for (var count = decoder.ReadBlockCount(); count > 0; count = decoder.ReadBlockCount())
        {
            for (var i = 0; i < count; i++)
            {
                list.Add(decoder.ReadOptionalLong(items));
            }
        }

        return list;
    }

    public static CorruptDataException Unexpected(string expected, AvroSchema found) =>
        new($"Avro: {expected} is expected, the file declares {found.Describe()}.");

    private static AvroSchema Items(AvroSchema schema) =>
        schema is AvroCollection { Kind: AvroKind.Array } array ? array.Items : throw Unexpected("an array", schema);
}
