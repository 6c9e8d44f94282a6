using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The rows of manifests (docs/format.md#manifest-entry).</summary>
internal sealed class ManifestEntryCodec : MetadataCodec<ManifestEntry>
{
    private const int Version = 2;
    private static readonly string[] Names = ["_VERSION", "_KIND", "_PARTITION", "_BUCKET", "_TOTAL_BUCKETS", "_FILE"];

    private ManifestEntryCodec()
    {
    }

    /// <summary>The one codec.</summary>
    public static ManifestEntryCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "manifest";

    /// <inheritdoc/>
    public override string Schema { get; } =
        """{"type":"record","name":"record","namespace":"org.apache.paimon.avro.generated","fields":["""
        + """{"name":"_VERSION","type":"int"},{"name":"_KIND","type":"int"},{"name":"_PARTITION","type":"bytes"},"""
        + """{"name":"_BUCKET","type":"int"},{"name":"_TOTAL_BUCKETS","type":"int"},{"name":"_FILE","type":"""
        + DataFileMetaCodec.Instance.Schema + "}]}";

    /// <inheritdoc/>
    public override void Write(AvroEncoder encoder, ManifestEntry row)
    {
        encoder.WriteLong(Version);
        encoder.WriteLong((long)row.Kind);
        encoder.WriteBytes(row.Partition.Serialized);
        encoder.WriteLong(row.Bucket);
        encoder.WriteLong(row.TotalBuckets);
        DataFileMetaCodec.Instance.Write(encoder, row.File);
    }

    /// <inheritdoc/>
    public override MetadataRowReader<ManifestEntry> Bind(AvroRecord schema)
    {
        var ordinals = schema.Bind(Names);
        var fileIndex = Array.IndexOf(ordinals, Names.Length - 1);
        if (fileIndex < 0)
        {
            CorruptDataException.Throw("The rows of a manifest have no _FILE.");
        }

        var fileReader = DataFileMetaCodec.Instance.Bind(schema.Fields[fileIndex].Schema.AsRecord("_FILE"));

        // Entries follow each other by partition: one object serves a run of equal ones.
        BinaryRowBytes? previous = null;
        return (ref AvroDecoder decoder) => Read(ref decoder, schema, ordinals, fileReader, ref previous);
    }

    private ManifestEntry Read(
        ref AvroDecoder decoder,
        AvroRecord schema,
        int[] ordinals,
        MetadataRowReader<DataFileMeta> fileReader,
        ref BinaryRowBytes? previous)
    {
        long? version = null;
        long? kind = null;
        long? bucket = null;
        long? totalBuckets = null;
        BinaryRowBytes? partition = null;
        DataFileMeta? file = null;
        for (var i = 0; i < ordinals.Length; i++)
        {
            var field = schema.Fields[i].Schema;
            switch (ordinals[i])
            {
                case 0:
                    version = decoder.ReadOptionalLong(field);
                    CheckVersion(version, Version);
                    break;
                case 1:
                    kind = decoder.ReadOptionalLong(field);
                    break;
                case 2:
                    partition = ReadPartition(ref decoder, field, previous);
                    previous = partition;
                    break;
                case 3:
                    bucket = decoder.ReadOptionalLong(field);
                    break;
                case 4:
                    totalBuckets = decoder.ReadOptionalLong(field);
                    break;
                case 5:
                    file = decoder.ReadBranch(field).Kind == AvroKind.Null ? null : fileReader(ref decoder);
                    break;
                default:
                    decoder.Skip(field);
                    break;
            }
        }

        return new ManifestEntry(
            kind switch
            {
                0 => FileKind.Add,
                1 => FileKind.Delete,
                _ => throw new CorruptDataException($"A manifest has _KIND {kind}; 0 and 1 are known."),
            },
            Require(partition, Names[2]),
            RequireInt(bucket, Names[3]),
            RequireInt(totalBuckets, Names[4]),
            Require(file, Names[5]));
    }

    private static BinaryRowBytes ReadPartition(ref AvroDecoder decoder, AvroSchema schema, BinaryRowBytes? previous)
    {
        var branch = decoder.ReadBranch(schema);
        if (branch.Kind != AvroKind.Bytes)
        {
            throw AvroValues.Unexpected("bytes", branch);
        }

        var bytes = decoder.ReadBytes();
        return previous is not null && bytes.SequenceEqual(previous.Serialized)
            ? previous
            : BinaryRowBytes.FromSerialized(bytes);
    }
}
