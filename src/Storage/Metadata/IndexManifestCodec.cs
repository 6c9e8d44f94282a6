using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The rows of index manifests (docs/format.md#index-manifest). Global indexes are passed over.</summary>
internal sealed class IndexManifestCodec : MetadataCodec<IndexManifestEntry>
{
    private const int Version = 1;
    private const int Ranges = 8;
    private static readonly string[] RangeNames = ["f0", "f1", "f2", "_CARDINALITY"];

    private static readonly string[] Names =
    [
        "_VERSION", "_KIND", "_PARTITION", "_BUCKET", "_INDEX_TYPE", "_FILE_NAME", "_FILE_SIZE", "_ROW_COUNT",
        "_DELETIONS_VECTORS_RANGES", "_EXTERNAL_PATH",
    ];

    private IndexManifestCodec()
    {
    }

    /// <summary>The one codec.</summary>
    public static IndexManifestCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "index manifest";

    /// <inheritdoc/>
    public override string Schema { get; } =
        """{"type":"record","name":"record","namespace":"org.apache.paimon.avro.generated","fields":["""
        + """{"name":"_VERSION","type":"int"},{"name":"_KIND","type":"int"},{"name":"_PARTITION","type":"bytes"},"""
        + """{"name":"_BUCKET","type":"int"},{"name":"_INDEX_TYPE","type":"string"},{"name":"_FILE_NAME","type":"string"},"""
        + """{"name":"_FILE_SIZE","type":"long"},{"name":"_ROW_COUNT","type":"long"},"""
        + """{"name":"_DELETIONS_VECTORS_RANGES","type":["null",{"type":"array","items":["null","""
        + """{"type":"record","name":"record__DELETIONS_VECTORS_RANGES","fields":[{"name":"f0","type":"string"},"""
        + """{"name":"f1","type":"int"},{"name":"f2","type":"int"},"""
        + """{"name":"_CARDINALITY","type":["null","long"],"default":null}]}]}],"default":null},"""
        + """{"name":"_EXTERNAL_PATH","type":["null","string"],"default":null},"""
        + """{"name":"_GLOBAL_INDEX","type":["null",{"type":"record","name":"record__GLOBAL_INDEX","fields":["""
        + """{"name":"_ROW_RANGE_START","type":"long"},{"name":"_ROW_RANGE_END","type":"long"},"""
        + """{"name":"_INDEX_FIELD_ID","type":"int"},"""
        + """{"name":"_EXTRA_FIELD_IDS","type":["null",{"type":"array","items":"int"}],"default":null},"""
        + """{"name":"_INDEX_META","type":["null","bytes"],"default":null}]}],"default":null}]}""";

    /// <inheritdoc/>
    public override void Write(AvroEncoder encoder, IndexManifestEntry row)
    {
        encoder.WriteLong(Version);
        encoder.WriteLong((long)row.Kind);
        encoder.WriteBytes(row.Partition.Serialized);
        encoder.WriteLong(row.Bucket);
        encoder.WriteString(row.IndexType);
        encoder.WriteString(row.FileName);
        encoder.WriteLong(row.FileSizeBytes);
        encoder.WriteLong(row.RowCount);
        if (encoder.WriteBranch(row.DeletionVectors is not null))
        {
            WriteRanges(encoder, row.DeletionVectors!);
        }

        encoder.WriteOptional(row.ExternalPath);
        encoder.WriteBranch(false);
    }

    /// <inheritdoc/>
    public override MetadataRowReader<IndexManifestEntry> Bind(AvroRecord schema)
    {
        var ordinals = schema.Bind(Names);
        return (ref AvroDecoder decoder) => Read(ref decoder, schema, ordinals);
    }

    private IndexManifestEntry Read(ref AvroDecoder decoder, AvroRecord schema, int[] ordinals)
    {
        var numbers = default(NumberFields);
        byte[]? partition = null;
        string? indexType = null;
        string? fileName = null;
        string? externalPath = null;
        List<DeletionVectorRange>? ranges = null;
        for (var i = 0; i < ordinals.Length; i++)
        {
            var field = schema.Fields[i].Schema;
            switch (ordinals[i])
            {
                case 2:
                    partition = decoder.ReadOptionalBytes(field);
                    break;
                case 4:
                    indexType = decoder.ReadOptionalString(field);
                    break;
                case 5:
                    fileName = decoder.ReadOptionalString(field);
                    break;
                case Ranges:
                    ranges = ReadRanges(ref decoder, field);
                    break;
                case 9:
                    externalPath = decoder.ReadOptionalString(field);
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
        return new IndexManifestEntry
        {
            Kind = numbers[1] == 0 ? FileKind.Add : FileKind.Delete,
            Partition = BinaryRowBytes.FromSerialized(Require(partition, Names[2])),
            Bucket = RequireInt(numbers[3], Names[3]),
            IndexType = Require(indexType, Names[4]),
            FileName = Require(fileName, Names[5]),
            FileSizeBytes = Require(numbers[6], Names[6]),
            RowCount = Require(numbers[7], Names[7]),
            DeletionVectors = ranges,
            ExternalPath = externalPath,
        };
    }

    private static void WriteRanges(AvroEncoder encoder, IReadOnlyList<DeletionVectorRange> ranges)
    {
        if (ranges.Count > 0)
        {
            encoder.WriteLong(ranges.Count);
            foreach (var range in ranges)
            {
                encoder.WriteBranch(true);
                encoder.WriteString(range.DataFileName);
                encoder.WriteLong(range.Offset);
                encoder.WriteLong(range.Length);
                encoder.WriteOptional(range.Cardinality);
            }
        }

        encoder.WriteLong(0);
    }

    private List<DeletionVectorRange>? ReadRanges(ref AvroDecoder decoder, AvroSchema schema)
    {
        var branch = decoder.ReadBranch(schema);
        if (branch.Kind == AvroKind.Null)
        {
            return null;
        }

        if (branch is not AvroCollection { Kind: AvroKind.Array } array)
        {
            throw AvroValues.Unexpected("an array", branch);
        }

        var record = array.Items.AsRecord(Names[Ranges]);
        var ordinals = record.Bind(RangeNames);
        var ranges = new List<DeletionVectorRange>();
        for (var count = decoder.ReadBlockCount(); count > 0; count = decoder.ReadBlockCount())
        {
            for (var i = 0; i < count; i++)
            {
                if (decoder.ReadBranch(array.Items).Kind != AvroKind.Null)
                {
                    ranges.Add(ReadRange(ref decoder, record, ordinals));
                }
            }
        }

        return ranges;
    }

    private DeletionVectorRange ReadRange(ref AvroDecoder decoder, AvroRecord record, int[] ordinals)
    {
        string? name = null;
        long? offset = null;
        long? length = null;
        long? cardinality = null;
        for (var i = 0; i < ordinals.Length; i++)
        {
            var field = record.Fields[i].Schema;
            switch (ordinals[i])
            {
                case 0:
                    name = decoder.ReadOptionalString(field);
                    break;
                case 1:
                    offset = decoder.ReadOptionalLong(field);
                    break;
                case 2:
                    length = decoder.ReadOptionalLong(field);
                    break;
                case 3:
                    cardinality = decoder.ReadOptionalLong(field);
                    break;
                default:
                    decoder.Skip(field);
                    break;
            }
        }

        return new DeletionVectorRange(
            Require(name, RangeNames[0]),
            RequireInt(offset, RangeNames[1]),
            RequireInt(length, RangeNames[2]),
            cardinality);
    }

    [System.Runtime.CompilerServices.InlineArray(8)]
    private struct NumberFields
    {
        private long? _first;
    }
}
