using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>What is known of a chunk's values: bounds in plain encoding, without the length of byte arrays.</summary>
/// <param name="NullCount">The NULLs.</param>
/// <param name="Min">The smallest value, null when unknown.</param>
/// <param name="Max">The largest value, null when unknown.</param>
internal sealed record ChunkStatistics(long? NullCount, byte[]? Min, byte[]? Max)
{
    public static ChunkStatistics Read(ref ThriftReader reader)
    {
        long? nullCount = null;
        byte[]? min = null;
        byte[]? max = null;
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (3, ThriftType.Int64): nullCount = reader.ReadInt64(); break;
                case (5, ThriftType.Binary): max = reader.ReadBinary().ToArray(); break;
                case (6, ThriftType.Binary): min = reader.ReadBinary().ToArray(); break;
                default: reader.Skip(type); break;
            }
        }

        return new ChunkStatistics(nullCount, min, max);
    }

    public void Write(ThriftWriter writer, short fieldId)
    {
        writer.BeginStruct(fieldId);
        if (NullCount is { } nullCount)
        {
            writer.Field(3, nullCount);
        }

        if (Min is not null && Max is not null)
        {
            writer.Field(5, Max);
            writer.Field(6, Min);
            writer.Field(7, true);
            writer.Field(8, true);
        }

        writer.EndStruct();
    }
}
