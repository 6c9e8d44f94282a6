using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Data files as the record <c>_FILE</c> of manifests (docs/format.md#data-file-meta).</summary>
internal sealed class DataFileMetaCodec : MetadataCodec<DataFileMeta>
{
    private const string OptionalLong = """["null","long"],"default":null}""";
    private const string OptionalStrings = """["null",{"type":"array","items":"string"}],"default":null}""";

    /// <summary>The fields in the order in which they are written; the numbers below are positions in it.</summary>
    private static readonly string[] Names =
    [
        "_FILE_NAME", "_FILE_SIZE", "_ROW_COUNT", "_MIN_KEY", "_MAX_KEY", "_KEY_STATS", "_VALUE_STATS",
        "_MIN_SEQUENCE_NUMBER", "_MAX_SEQUENCE_NUMBER", "_SCHEMA_ID", "_LEVEL", "_EXTRA_FILES", "_CREATION_TIME",
        "_DELETE_ROW_COUNT", "_EMBEDDED_FILE_INDEX", "_FILE_SOURCE", "_VALUE_STATS_COLS", "_EXTERNAL_PATH",
        "_FIRST_ROW_ID", "_WRITE_COLS",
    ];

    private const int MinKey = 3;
    private const int MaxKey = 4;
    private const int KeyStats = 5;
    private const int ValueStats = 6;
    private const int ExtraFiles = 11;
    private const int EmbeddedFileIndex = 14;
    private const int ValueStatsColumns = 16;
    private const int ExternalPath = 17;
    private const int WriteColumns = 19;

    private DataFileMetaCodec()
    {
    }

    /// <summary>The one codec.</summary>
    public static DataFileMetaCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "data file of a manifest";

    /// <inheritdoc/>
    public override string Schema { get; } =
        """{"type":"record","name":"record__FILE","fields":[{"name":"_FILE_NAME","type":"string"},"""
        + """{"name":"_FILE_SIZE","type":"long"},{"name":"_ROW_COUNT","type":"long"},"""
        + """{"name":"_MIN_KEY","type":"bytes"},{"name":"_MAX_KEY","type":"bytes"},"""
        + $$"""{"name":"_KEY_STATS","type":{{SimpleStatsCodec.SchemaOf("record__FILE__KEY_STATS")}}},"""
        + $$"""{"name":"_VALUE_STATS","type":{{SimpleStatsCodec.SchemaOf("record__FILE__VALUE_STATS")}}},"""
        + """{"name":"_MIN_SEQUENCE_NUMBER","type":"long"},{"name":"_MAX_SEQUENCE_NUMBER","type":"long"},"""
        + """{"name":"_SCHEMA_ID","type":"long"},{"name":"_LEVEL","type":"int"},"""
        + """{"name":"_EXTRA_FILES","type":{"type":"array","items":"string"}},"""
        + """{"name":"_CREATION_TIME","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null},"""
        + """{"name":"_DELETE_ROW_COUNT","type":""" + OptionalLong
        + ""","""
        + """{"name":"_EMBEDDED_FILE_INDEX","type":["null","bytes"],"default":null},"""
        + """{"name":"_FILE_SOURCE","type":["null","int"],"default":null},"""
        + """{"name":"_VALUE_STATS_COLS","type":""" + OptionalStrings
        + ""","""
        + """{"name":"_EXTERNAL_PATH","type":["null","string"],"default":null},"""
        + """{"name":"_FIRST_ROW_ID","type":""" + OptionalLong
        + ""","""
        + """{"name":"_WRITE_COLS","type":""" + OptionalStrings + "]}";

    /// <inheritdoc/>
    public override void Write(AvroEncoder encoder, DataFileMeta row)
    {
        encoder.WriteString(row.FileName);
        encoder.WriteLong(row.FileSizeBytes);
        encoder.WriteLong(row.RowCount);
        encoder.WriteBytes(row.MinKey.Serialized);
        encoder.WriteBytes(row.MaxKey.Serialized);
        SimpleStatsCodec.Write(encoder, row.KeyStats);
        SimpleStatsCodec.Write(encoder, row.ValueStats);
        encoder.WriteLong(row.MinSequenceNumber);
        encoder.WriteLong(row.MaxSequenceNumber);
        encoder.WriteLong(row.SchemaId);
        encoder.WriteLong(row.Level);
        encoder.WriteStrings(row.ExtraFiles);
        encoder.WriteOptional(row.CreationTimeMillis);
        encoder.WriteOptional(row.DeleteRowCount);
        if (encoder.WriteBranch(row.EmbeddedFileIndex is not null))
        {
            encoder.WriteBytes(row.EmbeddedFileIndex!.Value.Span);
        }

        encoder.WriteOptional((long?)row.FileSource);
        WriteOptional(encoder, row.ValueStatsColumns);
        encoder.WriteOptional(row.ExternalPath);
        encoder.WriteOptional(row.FirstRowId);
        WriteOptional(encoder, row.WriteColumns);
    }

    /// <inheritdoc/>
    public override MetadataRowReader<DataFileMeta> Bind(AvroRecord schema)
    {
        var ordinals = schema.Bind(Names);
        var keyStats = StatsOf(schema, ordinals, KeyStats);
        var valueStats = StatsOf(schema, ordinals, ValueStats);
        return (ref AvroDecoder decoder) => Read(ref decoder, schema, ordinals, keyStats, valueStats);
    }

    private DataFileMeta Read(
        ref AvroDecoder decoder, AvroRecord schema, int[] ordinals, SimpleStatsCodec? keyStats, SimpleStatsCodec? valueStats)
    {
        var read = default(Fields);
        for (var i = 0; i < ordinals.Length; i++)
        {
            var field = schema.Fields[i].Schema;
            switch (ordinals[i])
            {
                case 0:
                    read.FileName = decoder.ReadOptionalString(field);
                    break;
                case MinKey:
                    read.MinKey = decoder.ReadOptionalBytes(field);
                    break;
                case MaxKey:
                    read.MaxKey = decoder.ReadOptionalBytes(field);
                    break;
                case KeyStats:
                    read.KeyStats = keyStats!.Read(ref decoder);
                    break;
                case ValueStats:
                    read.ValueStats = valueStats!.Read(ref decoder);
                    break;
                case ExtraFiles:
                    read.ExtraFiles = decoder.ReadOptionalStrings(field);
                    break;
                case EmbeddedFileIndex:
                    read.EmbeddedFileIndex = decoder.ReadOptionalBytes(field);
                    break;
                case ValueStatsColumns:
                    read.ValueStatsColumns = decoder.ReadOptionalStrings(field);
                    break;
                case ExternalPath:
                    read.ExternalPath = decoder.ReadOptionalString(field);
                    break;
                case WriteColumns:
                    read.WriteColumns = decoder.ReadOptionalStrings(field);
                    break;
                case var number and >= 0:
                    read.Numbers[number] = decoder.ReadOptionalLong(field);
                    break;
                default:
                    decoder.Skip(field);
                    break;
            }
        }

        return ToFile(in read);
    }

    private DataFileMeta ToFile(in Fields read) => new()
    {
        FileName = Require(read.FileName, Names[0]),
        FileSizeBytes = Require(read.Numbers[1], Names[1]),
        RowCount = Require(read.Numbers[2], Names[2]),
        MinKey = BinaryRowBytes.FromSerialized(Require(read.MinKey, Names[MinKey])),
        MaxKey = BinaryRowBytes.FromSerialized(Require(read.MaxKey, Names[MaxKey])),
        KeyStats = read.KeyStats ?? SimpleStats.Empty,
        ValueStats = read.ValueStats ?? SimpleStats.Empty,
        MinSequenceNumber = Require(read.Numbers[7], Names[7]),
        MaxSequenceNumber = Require(read.Numbers[8], Names[8]),
        SchemaId = Require(read.Numbers[9], Names[9]),
        Level = RequireInt(read.Numbers[10], Names[10]),
        ExtraFiles = read.ExtraFiles is null or { Count: 0 } ? [] : read.ExtraFiles,
        CreationTimeMillis = read.Numbers[12],
        DeleteRowCount = read.Numbers[13],
        EmbeddedFileIndex = read.EmbeddedFileIndex is null ? null : (ReadOnlyMemory<byte>?)read.EmbeddedFileIndex,
        FileSource = read.Numbers[15] switch
        {
            null => null,
            0 => FileSource.Append,
            1 => FileSource.Compact,
            var other => throw new CorruptDataException($"A {Name} has {Names[15]} {other}; 0 and 1 are known."),
        },
        ValueStatsColumns = read.ValueStatsColumns,
        ExternalPath = read.ExternalPath,
        FirstRowId = read.Numbers[18],
        WriteColumns = read.WriteColumns,
    };

    private static SimpleStatsCodec? StatsOf(AvroRecord schema, int[] ordinals, int ordinal)
    {
        var index = Array.IndexOf(ordinals, ordinal);
        return index < 0 ? null : new SimpleStatsCodec(schema.Fields[index].Schema);
    }

    private static void WriteOptional(AvroEncoder encoder, IReadOnlyList<string>? values)
    {
        if (encoder.WriteBranch(values is not null))
        {
            encoder.WriteStrings(values!);
        }
    }

    [System.Runtime.CompilerServices.InlineArray(20)]
    private struct NumberFields
    {
        private long? _first;
    }

    /// <summary>The fields of a row until all were read; numbers by their position in the order of names.</summary>
    private struct Fields
    {
        public NumberFields Numbers;
        public string? FileName;
        public byte[]? MinKey;
        public byte[]? MaxKey;
        public SimpleStats? KeyStats;
        public SimpleStats? ValueStats;
        public List<string>? ExtraFiles;
        public byte[]? EmbeddedFileIndex;
        public List<string>? ValueStatsColumns;
        public string? ExternalPath;
        public List<string>? WriteColumns;
    }
}
