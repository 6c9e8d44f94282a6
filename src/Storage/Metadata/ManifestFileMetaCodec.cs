using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The rows of manifest lists (docs/format.md#manifest-list).</summary>
internal sealed class ManifestFileMetaCodec : MetadataCodec<ManifestFileMeta>
{
    private const int Version = 2;
    private const int FileName = 1;
    private const int PartitionStats = 5;

    private static readonly string[] Names =
    [
        "_VERSION", "_FILE_NAME", "_FILE_SIZE", "_NUM_ADDED_FILES", "_NUM_DELETED_FILES", "_PARTITION_STATS", "_SCHEMA_ID",
        "_MIN_BUCKET", "_MAX_BUCKET", "_MIN_LEVEL", "_MAX_LEVEL", "_MIN_ROW_ID", "_MAX_ROW_ID",
    ];

    private ManifestFileMetaCodec()
    {
    }

    /// <summary>The one codec.</summary>
    public static ManifestFileMetaCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "manifest list";

    /// <inheritdoc/>
    public override string Schema { get; } =
        """{"type":"record","name":"record","namespace":"org.apache.paimon.avro.generated","fields":["""
        + """{"name":"_VERSION","type":"int"},{"name":"_FILE_NAME","type":"string"},{"name":"_FILE_SIZE","type":"long"},"""
        + """{"name":"_NUM_ADDED_FILES","type":"long"},{"name":"_NUM_DELETED_FILES","type":"long"},"""
        + $$"""{"name":"_PARTITION_STATS","type":{{SimpleStatsCodec.SchemaOf("record__PARTITION_STATS")}}},"""
        + """{"name":"_SCHEMA_ID","type":"long"},"""
        + """{"name":"_MIN_BUCKET","type":["null","int"],"default":null},"""
        + """{"name":"_MAX_BUCKET","type":["null","int"],"default":null},"""
        + """{"name":"_MIN_LEVEL","type":["null","int"],"default":null},"""
        + """{"name":"_MAX_LEVEL","type":["null","int"],"default":null},"""
        + """{"name":"_MIN_ROW_ID","type":["null","long"],"default":null},"""
        + """{"name":"_MAX_ROW_ID","type":["null","long"],"default":null}]}""";

    /// <inheritdoc/>
    public override void Write(AvroEncoder encoder, ManifestFileMeta row)
    {
        encoder.WriteLong(Version);
        encoder.WriteString(row.FileName);
        encoder.WriteLong(row.FileSizeBytes);
        encoder.WriteLong(row.AddedFileCount);
        encoder.WriteLong(row.DeletedFileCount);
        SimpleStatsCodec.Write(encoder, row.PartitionStats);
        encoder.WriteLong(row.SchemaId);
        encoder.WriteOptional(row.MinBucket);
        encoder.WriteOptional(row.MaxBucket);
        encoder.WriteOptional(row.MinLevel);
        encoder.WriteOptional(row.MaxLevel);
        encoder.WriteOptional(row.MinRowId);
        encoder.WriteOptional(row.MaxRowId);
    }

    /// <inheritdoc/>
    public override MetadataRowReader<ManifestFileMeta> Bind(AvroRecord schema)
    {
        var ordinals = schema.Bind(Names);
        var statsIndex = Array.IndexOf(ordinals, PartitionStats);
        var stats = statsIndex < 0 ? null : new SimpleStatsCodec(schema.Fields[statsIndex].Schema);
        return (ref AvroDecoder decoder) => Read(ref decoder, schema, ordinals, stats);
    }

    private ManifestFileMeta Read(ref AvroDecoder decoder, AvroRecord schema, int[] ordinals, SimpleStatsCodec? statsCodec)
    {
        string? fileName = null;
        var stats = SimpleStats.Empty;
        var numbers = default(NumberFields);
        for (var i = 0; i < ordinals.Length; i++)
        {
            var field = schema.Fields[i].Schema;
            switch (ordinals[i])
            {
                case FileName:
                    fileName = decoder.ReadOptionalString(field);
                    break;
                case PartitionStats:
                    stats = statsCodec!.Read(ref decoder);
                    break;
                case var number and >= 0:
                    numbers[number] = decoder.ReadOptionalLong(field);
                    break;
                default:
                    decoder.Skip(field);
                    break;
            }
        }

        CheckVersion(numbers[0], Version);
        return new ManifestFileMeta
        {
            FileName = Require(fileName, Names[FileName]),
            FileSizeBytes = Require(numbers[2], Names[2]),
            AddedFileCount = Require(numbers[3], Names[3]),
            DeletedFileCount = Require(numbers[4], Names[4]),
            PartitionStats = stats,
            SchemaId = Require(numbers[6], Names[6]),
            MinBucket = OptionalInt(numbers[7], Names[7]),
            MaxBucket = OptionalInt(numbers[8], Names[8]),
            MinLevel = OptionalInt(numbers[9], Names[9]),
            MaxLevel = OptionalInt(numbers[10], Names[10]),
            MinRowId = numbers[11],
            MaxRowId = numbers[12],
        };
    }

    [System.Runtime.CompilerServices.InlineArray(13)]
    private struct NumberFields
    {
        private long? _first;
    }
}
