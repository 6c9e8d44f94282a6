using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Statistics as a record inside other rows (docs/format.md#simple-stats).</summary>
internal sealed class SimpleStatsCodec
{
    private static readonly string[] Names = ["_MIN_VALUES", "_MAX_VALUES", "_NULL_COUNTS"];
    private readonly AvroSchema _schema;
    private readonly AvroRecord _record;
    private readonly int[] _ordinals;

    /// <summary>Makes a reader.</summary>
    /// <param name="schema">The record, or a union of it with null.</param>
    public SimpleStatsCodec(AvroSchema schema)
    {
        _schema = schema;
        _record = schema.AsRecord("Statistics");
        _ordinals = _record.Bind(Names);
    }

    /// <summary>The schema of the record of a field.</summary>
    /// <param name="recordName">The record's name, which follows from the fields around it.</param>
    public static string SchemaOf(string recordName) =>
        $$"""{"type":"record","name":"{{recordName}}","fields":[{"name":"_MIN_VALUES","type":"bytes"},"""
        + """{"name":"_MAX_VALUES","type":"bytes"},"""
        + """{"name":"_NULL_COUNTS","type":["null",{"type":"array","items":["null","long"]}],"default":null}]}""";

    /// <summary>Appends statistics.</summary>
    public static void Write(AvroEncoder encoder, SimpleStats stats)
    {
        encoder.WriteBytes(stats.MinValues.Serialized);
        encoder.WriteBytes(stats.MaxValues.Serialized);
        encoder.WriteBranch(true);
        if (stats.NullCounts.Count > 0)
        {
            encoder.WriteLong(stats.NullCounts.Count);
            foreach (var count in stats.NullCounts)
            {
                encoder.WriteOptional(count);
            }
        }

        encoder.WriteLong(0);
    }

    /// <summary>Reads statistics; absent ones are those of no column.</summary>
    public SimpleStats Read(ref AvroDecoder decoder)
    {
        if (decoder.ReadBranch(_schema).Kind == AvroKind.Null)
        {
            return SimpleStats.Empty;
        }

        var min = BinaryRowBytes.Empty;
        var max = BinaryRowBytes.Empty;
        List<long?>? nullCounts = null;
        for (var i = 0; i < _ordinals.Length; i++)
        {
            var field = _record.Fields[i].Schema;
            switch (_ordinals[i])
            {
                case 0:
                    min = ReadRow(ref decoder, field);
                    break;
                case 1:
                    max = ReadRow(ref decoder, field);
                    break;
                case 2:
                    nullCounts = ReadCounts(ref decoder, field);
                    break;
                default:
                    decoder.Skip(field);
                    break;
            }
        }

        return min.Arity == 0 && max.Arity == 0 && nullCounts is null or { Count: 0 }
            ? SimpleStats.Empty
            : new SimpleStats(min, max, nullCounts ?? []);
    }

    private static BinaryRowBytes ReadRow(ref AvroDecoder decoder, AvroSchema schema)
    {
        var bytes = decoder.ReadOptionalBytes(schema);
        return bytes is null ? BinaryRowBytes.Empty : BinaryRowBytes.FromSerialized(bytes);
    }

    /// <summary>Some writers store -1 for a count that they do not know.</summary>
    private static List<long?>? ReadCounts(ref AvroDecoder decoder, AvroSchema schema)
    {
        var counts = decoder.ReadOptionalLongs(schema);
        for (var i = 0; i < counts?.Count; i++)
        {
            if (counts[i] < 0)
            {
                counts[i] = null;
            }
        }

        return counts;
    }
}
